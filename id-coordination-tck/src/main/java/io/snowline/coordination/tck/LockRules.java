package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.NodeCoordinator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class LockRules extends Rules {

    private static final Duration LONG = Duration.ofSeconds(100);
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONGER_THAN_SHORT = Duration.ofSeconds(1);
    private static final int THREADS = 8;
    private static final int COORDINATORS = 4;

    LockRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C9 lock: a lock that is held is not taken again, not even by its holder again")
    public final void aHeldLockIsTaken() {
        String holder = Samples.token();

        assertThat(lock().tryLock(holder, LONG))
                .as("a lock that is free is taken")
                .isTrue();
        assertThat(lock().tryLock(Samples.token(), LONG)).as("taken by another").isFalse();
        assertThat(lockOf(open()).tryLock(Samples.token(), LONG))
                .as("taken through another coordinator")
                .isFalse();
        assertThat(lock().tryLock(holder, LONG)).as("taken by its holder again").isFalse();
    }

    @Test
    @DisplayName("C9 lock: only the holder's token unlocks, through whichever coordinator")
    public final void onlyTheHolderUnlocks() {
        String holder = Samples.token();
        assertThat(lock().unlock(holder)).as("unlocked, though it is free").isFalse();
        lock().tryLock(holder, LONG);

        assertThat(lock().unlock(Samples.token()))
                .as("unlocked with another token")
                .isFalse();
        assertThat(lock().tryLock(Samples.token(), LONG))
                .as("free after another's unlock")
                .isFalse();
        assertThat(lockOf(open()).unlock(holder)).as("unlocked by the holder").isTrue();
        assertThat(lock().unlock(holder)).as("unlocked twice").isFalse();
        assertThat(lock().tryLock(Samples.token(), LONG))
                .as("free after the holder's unlock")
                .isTrue();
    }

    @Test
    @DisplayName("C9 lock: an abandoned lock is free again after its expiry, and its holder has lost it")
    public final void anAbandonedLockExpires() throws Exception {
        NodeCoordinator gone = open();
        String late = Samples.token();
        lockOf(gone).tryLock(late, SHORT);
        gone.close();
        hooks().elapse(LONGER_THAN_SHORT);

        assertThat(lock().unlock(late))
                .as("unlocked by a holder whose time is over")
                .isFalse();
        String next = Samples.token();
        assertThat(lock().tryLock(next, LONG)).as("free after the expiry").isTrue();
        assertThat(lock().unlock(late)).as("unlocked by a former holder").isFalse();
        assertThat(lock().tryLock(Samples.token(), LONG))
                .as("free after a former holder's unlock")
                .isFalse();
        assertThat(lock().unlock(next)).as("unlocked by the holder").isTrue();
    }

    @Test
    @DisplayName("C9 lock: whether it is held can be seen from anywhere, and looking changes nothing")
    public final void whetherItIsHeldIsSeen() throws Exception {
        NodeCoordinator other = open();
        assertThat(lockOf(other).isHeld()).as("held, though it is free").isFalse();
        String holder = Samples.token();
        assertThat(lock().tryLock(holder, LONG)).as("free after a look").isTrue();
        assertThat(lockOf(other).isHeld()).as("held by another").isTrue();
        assertThat(lock().isHeld()).as("held by oneself").isTrue();
        assertThat(lock().unlock(holder)).as("held after two looks").isTrue();
        assertThat(lockOf(other).isHeld()).as("held after the unlock").isFalse();
        lock().tryLock(holder, SHORT);
        hooks().elapse(LONGER_THAN_SHORT);
        assertThat(lockOf(other).isHeld()).as("held after the expiry").isFalse();
    }

    @Test
    @DisplayName("C9 lock: a lock is held until its expiry, not for a fixed time")
    public final void aLockLastsUntilItsExpiry() throws Exception {
        String holder = Samples.token();
        lock().tryLock(holder, LONG);
        hooks().elapse(LONGER_THAN_SHORT);

        assertThat(lock().tryLock(Samples.token(), SHORT))
                .as("free before its expiry")
                .isFalse();
        assertThat(lock().unlock(holder)).as("held before its expiry").isTrue();
    }

    @Test
    @DisplayName("C9 lock: of many that try at the same time, one takes the lock")
    public final void oneOfManyTakesTheLock() throws Exception {
        List<NodeCoordinator> coordinators = open(COORDINATORS);
        for (int round = 0; round < 25; round++) {
            String name = "round-" + round;
            List<Boolean> taken = Together.run(THREADS, thread -> {
                DistributedLock lock = coordinators.get(thread % COORDINATORS).lock(namespace, name);
                return () -> lock.tryLock(Samples.token(), LONG);
            });
            assertThat(taken).as("answers of tryLock").filteredOn(yes -> yes).hasSize(1);
        }
    }

    @Test
    @DisplayName("C9 lock: a lock that passes from hand to hand has one holder at a time")
    public final void holdersTakeTurns() throws Exception {
        int turns = 10;
        List<NodeCoordinator> coordinators = open(COORDINATORS);
        AtomicInteger inside = new AtomicInteger();
        List<Integer> most = Together.run(THREADS, thread -> () -> {
            DistributedLock lock = lockOf(coordinators.get(thread % COORDINATORS));
            int seen = 0;
            for (int turn = 0; turn < turns; turn++) {
                String token = Samples.token();
                while (!lock.tryLock(token, LONG)) {
                    hooks().elapse(Duration.ofMillis(1));
                }
                seen = Math.max(seen, inside.incrementAndGet());
                inside.decrementAndGet();
                assertThat(lock.unlock(token)).as("unlocked by the holder").isTrue();
            }
            return seen;
        });

        assertThat(most).as("holders at a time, as each thread saw it").containsOnly(1);
    }

    @Test
    @DisplayName(
            "C9 lock: names, tokens and expiries follow one rule in every backend; others are refused as arguments")
    public final void argumentsFollowOneRule() {
        for (String name : List.of("7", "node-7.next", "A_b", "a".repeat(64))) {
            String token = "~".repeat(256);
            assertThat(tryLock(name, token, LONGEST))
                    .as("lock '%s' taken", name)
                    .isTrue();
            assertThat(coordinator().lock(namespace, name).unlock(token))
                    .as("lock '%s' unlocked", name)
                    .isTrue();
        }
        for (String name : List.of("", ".", "..", "-a", "a b", "a/b", "\u00e4", "a".repeat(65))) {
            assertRefused("name '" + name + "'", () -> tryLock(name, Samples.token(), LONG));
        }
        for (String token : List.of("", "a b", "a\n", "\u00e4", "a".repeat(257))) {
            assertRefused("token '" + token + "'", () -> tryLock("node-7", token, LONG));
        }
        for (Duration expiry : List.of(Duration.ZERO, Duration.ofMillis(-1), LONGEST.plusMillis(1))) {
            assertRefused("expiry " + expiry, () -> tryLock("node-7", Samples.token(), expiry));
        }
    }

    private boolean tryLock(String name, String token, Duration expiry) {
        return coordinator().lock(namespace, name).tryLock(token, expiry);
    }

    private static void assertRefused(String what, Callable<?> attempt) {
        assertThatThrownBy(attempt::call, what).as(what).isInstanceOf(IllegalArgumentException.class);
    }

    private DistributedLock lock() {
        return lockOf(coordinator());
    }

    private DistributedLock lockOf(NodeCoordinator coordinator) {
        return coordinator.lock(namespace, "node-7");
    }
}
