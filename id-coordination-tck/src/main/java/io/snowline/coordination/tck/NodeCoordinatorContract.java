package io.snowline.coordination.tck;

import io.snowline.coordination.NodeCoordinator;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * The contract of {@link NodeCoordinator}, rules C1 to C11, as tests. A coordinator's own test extends this class and
 * defines how its backend is started, stopped and corrupted; the tests themselves are final. Every failure message
 * begins with the number of the broken rule.
 *
 * <p>Each test works in namespaces with fresh names, so one backend can serve all of them, and its other contents are
 * not touched. The backend must be running before each test; a test that stops it starts it again.
 *
 * <table>
 * <caption>Hooks</caption>
 * <tr><th>hook</th><th>what it does</th></tr>
 * <tr><td>{@link #open()}</td><td>opens another coordinator on the backend under test</td></tr>
 * <tr><td>{@link #openHeld}</td><td>opens one whose requests can be held on their way to the backend</td></tr>
 * <tr><td>{@link #features()}</td><td>tells whether the backend has a clock, an identity, a ledger, a trace</td></tr>
 * <tr><td>{@link #stop()}, {@link #start()}</td><td>make the backend unreachable, and reachable again with everything
 *   that it had acknowledged</td></tr>
 * <tr><td>{@link #changeIdentity()}</td><td>does something to the backend that must change its identity</td></tr>
 * <tr><td>{@link #deleteNamespace}</td><td>deletes a namespace's records, as an operator would</td></tr>
 * <tr><td>{@link #spoilNamespaceRecord}, {@link #spoilNodeRecord}</td><td>replace a record with something
 *   else</td></tr>
 * <tr><td>{@link #elapse}</td><td>lets time pass on the backend's clock; sleeps unless overridden</td></tr>
 * </table>
 *
 * <p>Tests of one such class run one after another. They may run at the same time if each has a backend to itself: every
 * test calls the hooks of an instance of its own.
 */
public abstract class NodeCoordinatorContract {

    /** Opens another coordinator on the backend under test; the kit closes it. */
    protected abstract NodeCoordinator open();

    /**
     * Opens another coordinator on the backend under test that runs a task before each request of a step reaches the
     * backend: by a proxy in front of the server, or around the client. The task may block, and the request then waits,
     * as do those that follow it. Requests that a client sends by itself, such as heartbeats, should pass without it.
     * The kit closes the coordinator.
     *
     * @param beforeEachRequest the task; thread-safe
     */
    protected abstract NodeCoordinator openHeld(Runnable beforeEachRequest);

    /** Returns the features of the backend. */
    protected abstract Set<Feature> features();

    /** Makes the backend unreachable for every coordinator, including open ones. */
    protected abstract void stop() throws Exception;

    /** Makes the backend reachable again, with everything that it had acknowledged, and waits until it answers. */
    protected abstract void start() throws Exception;

    /**
     * Does something to the backend that must change its identity; called only with {@link Feature#IDENTITY}. Stops and
     * restarts it unless overridden.
     */
    protected void changeIdentity() throws Exception {
        stop();
        start();
    }

    /**
     * Deletes every record of a namespace, bypassing the coordinator, as an operator would to give the namespace up;
     * whatever the backend keeps {@linkplain Feature#TRACE outside the records} stays.
     */
    protected abstract void deleteNamespace(String namespace) throws Exception;

    /**
     * Replaces the namespace record with something that is not a record, bypassing the coordinator.
     *
     * @return a supplier of the current content, which also bypasses the coordinator
     */
    protected abstract Supplier<String> spoilNamespaceRecord(String namespace) throws Exception;

    /**
     * Replaces a node record with something that is not a record, bypassing the coordinator.
     *
     * @return a supplier of the current content, which also bypasses the coordinator
     */
    protected abstract Supplier<String> spoilNodeRecord(String namespace, int node) throws Exception;

    /** Lets at least the given time pass on the backend's clock, and everything lapse that has to. */
    protected void elapse(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    /** Rule C1. */
    @Nested
    @DisplayName("C1 exact")
    public final class Exact extends ExactRules {
        public Exact() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C2. */
    @Nested
    @DisplayName("C2 atomic")
    public final class Atomic extends AtomicRules {
        public Atomic() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C3. */
    @Nested
    @DisplayName("C3 kept")
    public final class Kept extends KeptRules {
        public Kept() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C4. */
    @Nested
    @DisplayName("C4 answer")
    public final class Answer extends AnswerRules {
        public Answer() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C5. */
    @Nested
    @DisplayName("C5 unknown")
    public final class Unknown extends UnknownRules {
        public Unknown() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C6. */
    @Nested
    @DisplayName("C6 late")
    public final class Late extends LateRules {
        public Late() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C7. */
    @Nested
    @DisplayName("C7 apart")
    public final class Apart extends ApartRules {
        public Apart() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C8. */
    @Nested
    @DisplayName("C8 intact")
    public final class Intact extends IntactRules {
        public Intact() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C9. */
    @Nested
    @DisplayName("C9 lock")
    public final class Lock extends LockRules {
        public Lock() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C10. */
    @Nested
    @DisplayName("C10 ledger")
    public final class Ledger extends LedgerRules {
        public Ledger() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C11. */
    @Nested
    @DisplayName("C11 trace")
    public final class Traces extends TraceRules {
        public Traces() {
            super(NodeCoordinatorContract.this);
        }
    }

    /** Rule C11, for steps that are held. */
    @Nested
    @DisplayName("C11 trace")
    public final class Held extends HeldRules {
        public Held() {
            super(NodeCoordinatorContract.this);
        }
    }
}
