package io.snowline.coordination.tck;

import io.snowline.coordination.NodeCoordinator;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * The contract of {@link NodeCoordinator}, rules C1 to C11, as tests. A coordinator's own test extends this class and says
 * how its backend is started, stopped and spoilt; the tests themselves are final. Every failure's message begins with the
 * number of the rule that is broken.
 *
 * <p>Each test works in namespaces with fresh names, so one backend can serve all of them, and whatever else is in it is
 * not touched. The backend must be running before each test; a test that stops it starts it again.
 *
 * <table>
 * <caption>Hooks</caption>
 * <tr><th>hook</th><th>what it does</th></tr>
 * <tr><td>{@link #open()}</td><td>opens another coordinator on the one backend under test</td></tr>
 * <tr><td>{@link #openHeld}</td><td>opens one whose requests to the backend can be held up on their way</td></tr>
 * <tr><td>{@link #features()}</td><td>says whether the backend has a clock, an identity, a ledger, a trace</td></tr>
 * <tr><td>{@link #stop()}, {@link #start()}</td><td>make the backend unreachable, and reachable again with all that it had
 *   acknowledged</td></tr>
 * <tr><td>{@link #changeIdentity()}</td><td>does to the backend what must change its identity</td></tr>
 * <tr><td>{@link #deleteNamespace}</td><td>deletes a namespace's records, as an operator would</td></tr>
 * <tr><td>{@link #spoilNamespaceRecord}, {@link #spoilNodeRecord}</td><td>put something else where a record is</td></tr>
 * <tr><td>{@link #elapse}</td><td>lets time pass on the backend's clock; sleeps unless overridden</td></tr>
 * </table>
 *
 * <p>Tests of one such class run one after the other; not safe for parallel execution within the class.
 */
public abstract class NodeCoordinatorContract {

    /** Opens another coordinator on the backend under test; the kit closes it. */
    protected abstract NodeCoordinator open();

    /**
     * Opens another coordinator on the backend under test, which has a task run before each request of a step reaches the
     * backend: by a proxy before the server, or around the client. The task may block, and the request then waits, like those
     * that follow it. What a client sends by itself, such as a heartbeat, should pass without. The kit closes the coordinator.
     *
     * @param beforeEachRequest the task; thread-safe
     */
    protected abstract NodeCoordinator openHeld(Runnable beforeEachRequest);

    /** Returns what the backend has. */
    protected abstract Set<Feature> features();

    /** Makes the backend unreachable for every coordinator, also for those that are open. */
    protected abstract void stop() throws Exception;

    /** Makes the backend reachable again, with everything that it had acknowledged, and waits until it answers. */
    protected abstract void start() throws Exception;

    /**
     * Does to the backend what must change its identity; called only with {@link Feature#IDENTITY}. Stops it and starts it
     * again unless overridden.
     */
    protected void changeIdentity() throws Exception {
        stop();
        start();
    }

    /**
     * Deletes every record of a namespace past the coordinator, as an operator would who gives the namespace up; what the
     * backend keeps {@linkplain Feature#TRACE outside of the records} stays.
     */
    protected abstract void deleteNamespace(String namespace) throws Exception;

    /**
     * Puts something that is no record where the namespace record is, past the coordinator.
     *
     * @return what looks up, past the coordinator, what is there now
     */
    protected abstract Supplier<String> spoilNamespaceRecord(String namespace) throws Exception;

    /**
     * Puts something that is no record where a node record is, past the coordinator.
     *
     * @return what looks up, past the coordinator, what is there now
     */
    protected abstract Supplier<String> spoilNodeRecord(String namespace, int node) throws Exception;

    /** Lets at least so much time pass on the backend's clock, and everything lapse that has to. */
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

    /** Rule C11, of steps that are held up. */
    @Nested
    @DisplayName("C11 trace")
    public final class Held extends HeldRules {
        public Held() {
            super(NodeCoordinatorContract.this);
        }
    }
}
