package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import io.snowline.testing.Await;
import io.snowline.testing.Gate;
import io.snowline.testing.ZooKeeperServer;
import io.snowline.testing.ZooKeeperShell;
import io.snowline.testing.ZooKeeperWire;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A step that is held at one of its requests while the namespace is deleted and created anew, with the same versions
 * (C1, C11). Each test holds the step at its first request, at its second, and so on.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
class ZooKeeperHeldStepsIT {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int NODE = 7;

    private static ZooKeeperServer server;
    private static ZooKeeperShell shell;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Gate gate = new Gate();
    private ZooKeeperWire wire;

    @BeforeAll
    static void start() {
        server = ZooKeeperServer.start();
        shell = server.shell();
        shell.create(Znodes.TRACES, ""); // otherwise the first creation has more requests than the others
    }

    @AfterAll
    static void stop() {
        shell.close();
        server.close();
    }

    @BeforeEach
    void listen() {
        wire = ZooKeeperWire.to(server, gate);
    }

    @AfterEach
    void end() {
        thread.shutdownNow();
        wire.close();
    }

    /** Creates a namespace and one node record in it, and leaves each at version 1. */
    private static void make(Coordination other) {
        other.create();
        assertThat(other.reserve(NODE, 10).applied()).isTrue();
    }

    @Test
    void aRenewalIsRefused() throws Exception {
        assertThat(refusals(
                        ZooKeeperHeldStepsIT::make,
                        view -> Coordination.reservation(view, Coordination.node(NODE, 20)),
                        ZooKeeperHeldStepsIT::make))
                .isEqualTo(2);
    }

    @Test
    void aFirstRecordOfANodeIdIsRefused() throws Exception {
        Consumer<Coordination> namespace = Coordination::create;
        assertThat(refusals(namespace, view -> Coordination.reservation(view, Coordination.node(8, 20)), namespace))
                .isEqualTo(2);
    }

    @Test
    void aChangeOfTheNamespaceRecordIsRefused() throws Exception {
        assertThat(refusals(
                        ZooKeeperHeldStepsIT::make,
                        view -> Replacement.ofNamespace(
                                "", view.namespace(), Coordination.record(5), Optional.empty(), Trace.UNKNOWN),
                        ZooKeeperHeldStepsIT::make))
                .isEqualTo(2);
    }

    @Test
    void aStepOnANamespaceOfAnOlderReleaseIsRefused() throws Exception {
        Consumer<Coordination> old = other -> OldRelease.make(shell, other.znodes(), NODE, 10);
        Function<StoreView, Replacement> renewal = view -> Coordination.reservation(view, Coordination.node(NODE, 20));
        assertThat(refusals(old, renewal, old)).isEqualTo(7);
        assertThat(refusals(old, renewal, ZooKeeperHeldStepsIT::make)).isEqualTo(7);
    }

    @Test
    void aCreationIsRefusedOnceTheNamespaceWasMade() throws Exception {
        Consumer<Coordination> nothing = other -> {};
        Consumer<Coordination> deletedAgain = other -> {
            other.create();
            shell.delete(other.znodes().record());
        };
        Consumer<Coordination> deletedAndEmpty = other -> {
            deletedAgain.accept(other);
            shell.create(other.znodes().nodes(), "");
        };
        Function<StoreView, Replacement> creation = view ->
                Replacement.ofNamespace("", Optional.empty(), Coordination.record(3), Optional.empty(), view.trace());
        assertThat(refusals(nothing, creation, deletedAgain)).isEqualTo(7);
        assertThat(refusals(nothing, creation, deletedAndEmpty)).isEqualTo(7);
        assertThat(refusals(nothing, creation, Coordination::create)).isEqualTo(7);
    }

    /** Holds a step on an owner's connection at each of its requests in turn, and returns the number of requests. */
    private int refusals(
            Consumer<Coordination> before, Function<StoreView, Replacement> step, Consumer<Coordination> anew)
            throws Exception {
        int number = 0;
        boolean held = true;
        while (held) {
            number++;
            String namespace = "held-" + UUID.randomUUID();
            try (Coordination owner = open(namespace, wire.address());
                    Coordination other = open(namespace, server.connectString())) {
                before.accept(other);
                held = refuses(owner, step.apply(owner.read()), number, other, anew);
            }
        }
        return number - 1;
    }

    /** Opens a coordinator that waits for a busy machine, and for a step that is held. */
    private static Coordination open(String namespace, String connectString) {
        return Coordination.open(namespace, factory -> {
            factory.setConnectString(connectString);
            factory.setConnectTimeout(LONG);
            factory.setRequestTimeout(LONG);
        });
    }

    /** Tells whether a step had that many requests; if so, it must have been refused. */
    private boolean refuses(
            Coordination owner, Replacement step, int number, Coordination other, Consumer<Coordination> anew)
            throws Exception {
        Gate.Held held = gate.hold(number);
        Future<Replaced> outcome = thread.submit(() -> owner.replace(step));
        Await.until("the step", LONG, () -> held.hasArrived() || outcome.isDone());
        if (!held.hasArrived()) {
            assertThat(outcome.get().applied())
                    .as("applied, when nothing holds it")
                    .isTrue();
            return false;
        }
        if (shell.exists(other.znodes().record())) {
            shell.delete(other.znodes().record());
        }
        anew.accept(other);
        StoreView present = other.read();
        held.release();
        assertThat(outcome.get().applied())
                .as(
                        "applied after the namespace was made anew, held at request %d; the owner was shown %s, and there was %s",
                        number, outcome.get().view(), present)
                .isFalse();
        assertThat(other.read().namespace()).isEqualTo(present.namespace());
        assertThat(other.read().nodes()).isEqualTo(present.nodes());
        assertThat(outcome.get().view().namespace()).isEqualTo(present.namespace());
        return true;
    }
}
