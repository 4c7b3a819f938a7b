package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.id.MemoryStore.Fault;
import io.snowline.lease.EventLoop;
import io.snowline.time.ManualTimeSource;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RecordedIdGeneratorTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final ReservationSettings SETTINGS = ReservationSettings.DEFAULT;
    private static final int NODE = 7;
    private static final int LONGEST_ROUND = 16_384;
    private static final ReservationSettings SOON = new ReservationSettings(
            Duration.ofSeconds(1),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            Duration.ofMillis(10),
            Duration.ofSeconds(10));

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final ManualLoop loop = new ManualLoop(time);
    private final MemoryStore store = new MemoryStore(time::wallMillis);
    private final List<LeaseEvent.Kind> events = new ArrayList<>();
    private final IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);

    private RecordedIdGenerator.Builder builder(MemoryStore on) {
        return RecordedIdGenerator.builder(on, "orders")
                .layout(layout)
                .reservation(SETTINGS)
                .node(NODE)
                .label("one")
                .maxWait(Duration.ofSeconds(3))
                .timeSource(time)
                .random(new SplittableRandom(42))
                .listener(event -> events.add(event.kind()))
                .loops(name -> loop)
                .threads(Runnable::run);
    }

    /** Starts a generator, and lets the floor of a new namespace pass. */
    private RecordedIdGenerator started() {
        RecordedIdGenerator ids = builder(store).start();
        loop.pass(SETTINGS.ahead().plus(SETTINGS.guard()).plusSeconds(1));
        return ids;
    }

    private void letTheLockGo() {
        loop.pass(Duration.ofMillis(5));
    }

    private static IdUnavailableException refusal(RecordedIdGenerator ids) {
        return catchThrowableOfType(IdUnavailableException.class, ids::nextId);
    }

    @Test
    void idsCarryTheNodeIdThatWasAskedFor() {
        builder(store).create();
        RecordedIdGenerator ids = started();
        assertThat(layout.decode(ids.nextId()).node()).isEqualTo(NODE);
        assertThat(layout.decode(ids.nextId(9)).node()).isEqualTo(9);
        assertThat(layout.decode(ids.nextId()).timestamp()).isEqualTo(Instant.ofEpochMilli(time.wallMillis()));
    }

    @Test
    void everyIdIsInTheLedgerBeforeItIsHandedOut() {
        RecordedIdGenerator ids = started();
        long[] batch = new long[500];
        ids.nextIds(batch);
        Instant now = Instant.ofEpochMilli(time.wallMillis());
        assertThat(batch).isSorted().doesNotHaveDuplicates();
        for (long id : batch) {
            assertThat(ids.recordedAt(id)).contains(now);
        }
        assertThat(ids.recordedAt(batch[499] + 1)).isEmpty();
        assertThat(ids.ledgerRefusals()).isZero();
    }

    @Tag("T36")
    @Test
    void p1_manyGeneratorsOnOneNodeIdNeverIssueAnIdTwice() throws Exception {
        MemoryStore shared = new MemoryStore(System::currentTimeMillis);
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(12);
        List<RecordedIdGenerator> generators = new ArrayList<>();
        List<Future<Integer>> sums = new ArrayList<>();
        for (int g = 0; g < 3; g++) {
            RecordedIdGenerator ids = RecordedIdGenerator.builder(shared, "orders")
                    .reservation(SOON)
                    .node(0)
                    .maxWait(Duration.ofSeconds(20))
                    .start();
            generators.add(ids);
            for (int t = 0; t < 4; t++) {
                sums.add(threads.submit(() -> take(ids, seen)));
            }
        }
        int total = 0;
        for (Future<Integer> sum : sums) {
            total += sum.get();
        }
        threads.shutdown();
        generators.forEach(RecordedIdGenerator::close);
        assertThat(seen).hasSize(total);
        assertThat(shared.locksTaken()).as("callers share rounds").isLessThan(12 * 200);
    }

    private static int take(RecordedIdGenerator ids, Set<Long> seen) {
        long newest = 0;
        int sum = 0;
        for (int i = 0; i < 200; i++) {
            long[] batch = new long[1 + i % 20];
            ids.nextIds(batch);
            for (long id : batch) {
                assertThat(id).isGreaterThan(newest);
                newest = id;
                seen.add(id);
            }
            sum += batch.length;
        }
        return sum;
    }

    @Test
    void p5_whatALostReplyLeavesUnknownIsNeverHandedOut() {
        for (Fault fault : EnumSet.complementOf(EnumSet.of(Fault.UNLOCK_LOST))) {
            RecordedIdGenerator ids = started();
            long before = ids.nextId();
            if (fault == Fault.REPLY_OF_A_LOCK_LOST) {
                letTheLockGo();
            }
            store.fail(fault);
            IdUnavailableException refusal = refusal(ids);
            assertThat(refusal.reason()).isEqualTo(Reason.COORDINATOR_UNAVAILABLE);
            long unknown = before + 1; // while the clock stands still, the next position is the next ID
            assertThat(ids.nextId()).as("after %s", fault).isGreaterThan(unknown);
        }
        assertThat(events).contains(LeaseEvent.Kind.AT_RISK, LeaseEvent.Kind.RECOVERED);
    }

    @Tag("T24")
    @Test
    void aLockWhoseReplyWasLostIsGivenBackAtOnce() {
        RecordedIdGenerator ids = started();
        store.fail(Fault.REPLY_OF_A_LOCK_LOST);
        assertThat(refusal(ids).reason()).isEqualTo(Reason.COORDINATOR_UNAVAILABLE);
        long before = time.monotonicNanos();
        ids.nextId();
        assertThat(time.monotonicNanos() - before)
                .as("time spent waiting for the lock")
                .isZero();
    }

    @Test
    void whatTheLedgerHasAlreadyIsRefusedCountedAndNeverHandedOut() {
        RecordedIdGenerator ids = started();
        long before = ids.nextId();
        store.ledger("orders").orElseThrow().record(new long[] {before + 1}, Optional.empty());
        IdUnavailableException refusal = refusal(ids);
        assertThat(refusal.reason()).isEqualTo(Reason.LEDGER_REFUSED);
        assertThat(refusal).hasMessageContaining(String.valueOf(before + 1));
        assertThat(ids.ledgerRefusals()).isEqualTo(1);
        assertThat(ids.nextId()).isGreaterThan(before + 1);
    }

    @Test
    void oneRefusedIdFailsTheWholeBatchThatItIsIn() {
        RecordedIdGenerator ids = started();
        long before = ids.nextId();
        store.ledger("orders").orElseThrow().record(new long[] {before + 5}, Optional.empty());
        long[] batch = new long[10];
        assertThatThrownBy(() -> ids.nextIds(batch)).hasMessageContaining(String.valueOf(before + 5));
        assertThat(batch).containsOnly(0L);
    }

    @Test
    void p8_aWipedStoreIsNoReasonToIssueAnythingTwice() {
        RecordedIdGenerator ids = started();
        long[] before = new long[100_000];
        ids.nextIds(before); // runs some 25 ms ahead
        store.wipe();
        long after = ids.nextId();
        assertThat(after).isGreaterThan(before[before.length - 1]);
        assertThat(layout.decode(after).timestamp())
                .isAfterOrEqualTo(NOW.plus(SETTINGS.ahead()).plus(SETTINGS.guard()));
        assertThat(events).contains(LeaseEvent.Kind.FLOOR_RAISED);
    }

    @Test
    void aLockThatIsHeldElsewhereIsWaitedForAndTakenWhenItExpires() {
        RecordedIdGenerator ids = started();
        var elsewhere = store.lock("orders", "node-" + NODE);
        assertThat(elsewhere.tryLock("theirs", Duration.ofSeconds(2))).isTrue();
        ids.nextId();
        letTheLockGo();
        assertThat(elsewhere.tryLock("theirs", Duration.ofSeconds(20))).isTrue();
        assertThat(refusal(ids).reason()).isEqualTo(Reason.RATE_EXCEEDED);
        assertThat(elsewhere.unlock("theirs")).as("it was left to its holder").isTrue();
        ids.nextId();
    }

    @Test
    void theLockIsKeptFromRoundToRoundAndLetGoWhenNobodyComes() {
        RecordedIdGenerator ids = started();
        var elsewhere = store.lock("orders", "node-" + NODE);
        int before = store.locksTaken();
        for (int i = 0; i < 5; i++) {
            ids.nextId();
            time.pass(Duration.ofMillis(1));
        }
        assertThat(store.locksTaken() - before).isEqualTo(1);
        assertThat(elsewhere.tryLock("theirs", Duration.ofSeconds(1))).isFalse();
        letTheLockGo();
        assertThat(elsewhere.tryLock("theirs", Duration.ofSeconds(1))).isTrue();
    }

    /** A loop whose thread is quicker than the one that schedules: a task that is due soon has run before the latter goes on. */
    private record QuickLoop(ManualLoop loop, ManualTimeSource time) implements EventLoop {

        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
            if (delay.compareTo(Duration.ofMillis(2)) > 0) {
                loop.schedule(delay, task);
            } else {
                time.pass(delay);
                task.run();
            }
        }

        @Override
        public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
            loop.call(request, answered, failed);
        }

        @Override
        public void close() {
            loop.close();
        }
    }

    @Test
    void theLockIsLetGoEachTimeHoweverSoonTheTimerFires() {
        RecordedIdGenerator ids =
                builder(store).loops(name -> new QuickLoop(loop, time)).start();
        loop.pass(SETTINGS.ahead().plus(SETTINGS.guard()).plusSeconds(1));
        var elsewhere = store.lock("orders", "node-" + NODE);
        for (int i = 0; i < 3; i++) {
            ids.nextId();
            assertThat(elsewhere.tryLock("theirs", Duration.ofSeconds(1)))
                    .as("free after request %d", i)
                    .isTrue();
            elsewhere.unlock("theirs");
        }
    }

    @Test
    void anUnlockThatGetsLostIsTriedAgainSoThatOthersNeedNotWaitUntilTheLockExpires() {
        RecordedIdGenerator ids = started();
        var elsewhere = store.lock("orders", "node-" + NODE);
        ids.nextId();
        store.fail(MemoryStore.Fault.UNLOCK_LOST);
        letTheLockGo();
        assertThat(elsewhere.tryLock("theirs", Duration.ofSeconds(1))).isFalse();
        loop.pass(Duration.ofMillis(250));
        assertThat(elsewhere.tryLock("theirs", Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void anUnlockThatGetsLostDoesNotKeepItsOwnProcessWaiting() {
        RecordedIdGenerator ids = started();
        ids.nextId();
        store.fail(MemoryStore.Fault.UNLOCK_LOST);
        letTheLockGo();
        long before = time.monotonicNanos();
        ids.nextId();
        assertThat(Duration.ofNanos(time.monotonicNanos() - before)).isLessThan(Duration.ofMillis(1));
    }

    @Test
    void theLockIsKeptForSecondsAsLongAsNoOtherProcessWantsIt() {
        RecordedIdGenerator ids = started();
        int before = store.locksTaken();
        for (int i = 0; i < 11_000; i++) {
            ids.nextId();
            time.pass(Duration.ofMillis(1));
        }
        assertThat(store.locksTaken() - before).isEqualTo(3);
    }

    @Test
    void theLockIsLeftToAProcessThatIsNextButOneThatNeverComesIsNotWaitedForForLong() {
        RecordedIdGenerator ids = started();
        ids.nextId();
        assertThat(store.lock("orders", "node-" + NODE + ".next").tryLock("theirs", Duration.ofSeconds(10)))
                .isTrue();
        long begun = time.monotonicNanos();
        Duration took = Duration.ZERO;
        while (took.isZero()) {
            time.pass(Duration.ofMillis(1));
            long asked = time.monotonicNanos();
            ids.nextId();
            took = Duration.ofNanos(time.monotonicNanos() - asked);
        }
        assertThat(took).isBetween(NodeLock.PATIENCE, NodeLock.PATIENCE.plusMillis(5));
        assertThat(Duration.ofNanos(time.monotonicNanos() - begun).minus(took))
                .isBetween(NodeLock.SHORTEST_SHARE, NodeLock.SHORTEST_SHARE.plusMillis(2));
    }

    @Test
    void recordsAreKeptForAtMost36500Days() {
        RecordedIdGenerator.Builder settings = RecordedIdGenerator.builder(store, "orders");
        settings.keep(Optional.of(Duration.ofDays(36_500))).keep(Optional.empty());
        for (Duration refused :
                List.of(Duration.ofDays(36_500).plusNanos(1), ChronoUnit.FOREVER.getDuration(), Duration.ZERO)) {
            assertThatThrownBy(() -> settings.keep(Optional.of(refused)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("keep must be from 1 ms to 36500 days, got " + refused);
        }
    }

    @Test
    void closingUnlocks() {
        RecordedIdGenerator ids = started();
        ids.nextId();
        assertThat(ids.beginClose(false, () -> {})).isTrue();
        loop.run();
        assertThat(store.lock("orders", "node-" + NODE).tryLock("theirs", Duration.ofSeconds(1)))
                .isTrue();
    }

    @Test
    void aLargeArrayIsFilledInSeveralRoundsUnderOneLock() {
        RecordedIdGenerator ids = started();
        int before = store.locksTaken();
        long[] batch = new long[3 * LONGEST_ROUND + 1];
        ids.nextIds(batch);
        assertThat(batch).isSorted().doesNotHaveDuplicates();
        assertThat(store.locksTaken() - before).isEqualTo(1);
    }

    @Test
    void aWaitThatIsTooShortForAnyAnswerIsRefused() {
        assertThatThrownBy(() -> builder(store).maxWait(Duration.ZERO).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "maxWait must be at least 1 ms in recorded mode, where each ID takes a call to the coordinator,"
                                + " got PT0S");
    }

    @Test
    void p4_nothingIsReservedFurtherThanAheadOfThePresent() {
        RecordedIdGenerator ids =
                builder(store).ledger(false).maxWait(Duration.ofMillis(1)).start();
        loop.pass(Duration.ofMinutes(2));
        long[] batch = new long[LONGEST_ROUND];
        assertThatThrownBy(() -> {
                    while (true) {
                        ids.nextIds(batch);
                    }
                })
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.WINDOW_AHEAD));
        assertThat(layout.decode(batch[batch.length - 1]).timestamp())
                .isBefore(Instant.ofEpochMilli(time.wallMillis()).plus(SETTINGS.ahead()));
        loop.pass(Duration.ofSeconds(1));
        ids.nextIds(batch);
    }

    @Test
    void p4_aStoreWhoseClockWasWrongForAMomentIsAskedAgain() {
        RecordedIdGenerator ids = started();
        ids.nextId();
        long before = time.wallMillis();
        store.clock(() -> time.wallMillis() - Duration.ofHours(1).toMillis());
        assertThat(refusal(ids).reason()).isEqualTo(Reason.WINDOW_AHEAD);
        assertThat(refusal(ids).reason()).isEqualTo(Reason.WINDOW_AHEAD);
        store.clock(time::wallMillis);
        loop.pass(Duration.ofSeconds(1));
        ids.nextId();
        assertThat(Duration.ofMillis(time.wallMillis() - before))
                .as("time until it issues again, which is not that by which the clock was wrong")
                .isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void p9_aNamespaceThatIsFixedOtherwiseIsRefused() {
        SnowflakeGenerator leased = SnowflakeGenerator.builder(store, "orders")
                .layout(layout)
                .timeSource(time)
                .loops(name -> loop)
                .start();
        loop.run();
        RecordedIdGenerator ids = builder(store).start();
        loop.run();
        assertThat(events).containsExactly(LeaseEvent.Kind.REFUSED);
        assertThat(refusal(ids).reason()).isEqualTo(Reason.NAMESPACE_MISMATCH);
        assertThat(leased.beginClose(() -> {})).isTrue(); // without a wait: its loop runs by hand
        loop.run();
    }

    @Test
    void statusTellsWhetherTheCoordinatorAnswers() {
        RecordedIdGenerator ids = started();
        assertThat(ids.status().node()).hasValue(NODE);
        assertThat(ids.status().problem()).isEmpty();
        store.up(false);
        loop.pass(SETTINGS.renewEvery().multipliedBy(2));
        assertThat(ids.status().problem()).isPresent();
        assertThat(refusal(ids).reason()).isEqualTo(Reason.COORDINATOR_UNAVAILABLE);
        store.up(true);
        loop.pass(Duration.ofSeconds(3));
        assertThat(ids.status().problem()).isEmpty();
        ids.nextId();
    }

    @Test
    void aClosedGeneratorIssuesNothing() {
        RecordedIdGenerator ids = started();
        assertThat(ids.beginClose(false, () -> {})).isTrue();
        assertThat(refusal(ids).reason()).isEqualTo(Reason.CLOSED);
        ids.close();
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        MemoryStore bare = new MemoryStore(TimeSource.system()::wallMillis, false);
        assertThatThrownBy(() -> builder(bare).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ledger must be false");
        assertThatThrownBy(() -> builder(store).nodeIds(new NodeIdRange(8, 15)).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node must be one of nodeIds 8-15, got 7");
        RecordedIdGenerator ids = started();
        assertThatThrownBy(() -> ids.nextId(1024))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1024");
    }

    @Test
    void withoutALedgerTheMarkAloneKeepsIdsApart() {
        RecordedIdGenerator ids = builder(store).ledger(false).start();
        loop.pass(Duration.ofMinutes(1));
        long first = ids.nextId();
        assertThat(ids.nextId()).isEqualTo(first + 1);
        assertThat(ids.hasLedger()).isFalse();
        assertThat(ids.recordedAt(first)).isEmpty();
    }

    @Test
    void anInterruptStaysWithItsCallerAndNeitherARoundNorAnUnlockDependsOnIt() throws Exception {
        try (StandingRound round = new StandingRound()) {
            Future<Boolean> third = round.threads.submit(() -> {
                Thread.currentThread().interrupt();
                assertThat(refusal(round.ids).getMessage()).contains("the thread was interrupted");
                return Thread.interrupted();
            });
            assertThat(third.get(10, TimeUnit.SECONDS))
                    .as("interrupted afterwards")
                    .isTrue();
            round.firstCaller.get().interrupt();
            round.mayGoOn.release();
            assertThat(round.first.get(10, TimeUnit.SECONDS)).isPositive();
            assertThat(round.second.get(10, TimeUnit.SECONDS)).isPositive();
            var elsewhere = round.here.lock("orders", "node-" + NODE);
            long begun = System.nanoTime();
            while (!elsewhere.tryLock("theirs", Duration.ofSeconds(1))) {
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as("time until the lock is free, which expires after 10 s")
                        .isLessThan(Duration.ofSeconds(9));
                Thread.sleep(1);
            }
        }
    }

    /** A generator on this machine's clocks, whose next round is held until it may go on. */
    private final class StandingRound implements AutoCloseable {
        private final MemoryStore here = new MemoryStore(System::currentTimeMillis);
        private final Semaphore begun = new Semaphore(0);
        private final Semaphore mayGoOn = new Semaphore(0);
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final RecordedIdGenerator ids;
        private final AtomicReference<Thread> firstCaller = new AtomicReference<>();
        private final Future<Long> first;
        private final Future<Long> second;

        StandingRound() throws Exception {
            ids = RecordedIdGenerator.builder(here, "orders")
                    .layout(layout)
                    .reservation(SOON)
                    .node(NODE)
                    .maxWait(Duration.ofMinutes(1))
                    .start();
            ids.nextId();
            here.refuseInterruptedThreads();
            here.beforeNextWrite(() -> {
                begun.release();
                mayGoOn.acquireUninterruptibly();
            });
            first = threads.submit(() -> {
                firstCaller.set(Thread.currentThread());
                return ids.nextId();
            });
            begun.acquire();
            second = threads.submit(() -> ids.nextId());
            while (ids.waiting(NODE) == 0) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() {
            mayGoOn.release(1_000);
            threads.shutdownNow();
        }
    }

    private static void assertClosed(Future<Long> refused) {
        assertThatThrownBy(() -> refused.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.CLOSED));
    }

    @Test
    void p7_closingWaitsForTheRoundThatIsUnderWayAndRefusesThoseThatWait() throws Exception {
        try (StandingRound round = new StandingRound()) {
            Future<?> closing = round.threads.submit(() -> round.ids.close());
            assertClosed(round.second);
            assertThat(closing.isDone()).as("closed, with a round under way").isFalse();
            round.mayGoOn.release();
            closing.get(10, TimeUnit.SECONDS);
            assertThat(round.first.get(10, TimeUnit.SECONDS)).isPositive();
            assertThat(round.here.lock("orders", "node-" + NODE).tryLock("theirs", Duration.ofSeconds(1)))
                    .as("the lock is free")
                    .isTrue();
        }
    }

    @Test
    void p7_whatComesAfterAnImpatientCloseIsRefused() throws Exception {
        try (StandingRound round = new StandingRound()) {
            round.ids.close(Duration.ofMillis(1));
            round.mayGoOn.release();
            assertClosed(round.first);
            assertClosed(round.second);
        }
    }

    @Test
    void p7_aListenerMayCloseInTheMiddleOfARoundWhichIsRefused() {
        AtomicReference<RecordedIdGenerator> ids = new AtomicReference<>();
        store.clock(time::wallMillis);
        ids.set(builder(store)
                .listener(event -> {
                    if (event.kind() == LeaseEvent.Kind.AT_RISK) {
                        ids.get().close();
                    }
                })
                .start());
        loop.pass(SETTINGS.ahead().plus(SETTINGS.guard()).plusSeconds(1));
        ids.get().nextId();
        store.fail(Fault.REPLY_OF_A_WRITE_LOST);
        assertThat(refusal(ids.get()).reason()).isEqualTo(Reason.CLOSED);
        assertThat(store.lock("orders", "node-" + NODE).tryLock("theirs", Duration.ofSeconds(1)))
                .as("the lock is free")
                .isTrue();
    }

    @Test
    void aRequestForAnotherNodeIdThatComesWhileItIsClosedLeavesNoLockBehind() {
        RecordedIdGenerator ids = started();
        store.beforeNextLockIsAskedFor(() -> {
            assertThat(ids.beginClose(false, () -> {})).isTrue();
            loop.run();
        });
        assertThatThrownBy(() -> ids.nextId(9))
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.CLOSED));
        assertThat(store.lock("orders", "node-9").tryLock("theirs", Duration.ofSeconds(1)))
                .as("the lock is free")
                .isTrue();
    }

    /** Collects the answers that takers get, on the thread that asks. */
    private static final class Told implements IdTaker {
        private final List<long[]> issued = new ArrayList<>();
        private final List<Reason> refused = new ArrayList<>();

        @Override
        public void issued(long[] ids) {
            issued.add(ids);
        }

        @Override
        public void refused(IdUnavailableException why) {
            refused.add(why.reason());
        }
    }

    @Test
    void aTakerIsToldItsIdsAlsoOfSeveralRounds() {
        RecordedIdGenerator ids = started();
        Told told = new Told();
        ids.nextIds(9, 3, Runnable::run, told);
        ids.nextIds(9, 2 * LONGEST_ROUND + 1, Runnable::run, told);
        assertThat(told.issued).hasSize(2);
        assertThat(told.issued.get(0)).hasSize(3);
        assertThat(told.issued.get(1)).hasSize(2 * LONGEST_ROUND + 1).isSorted().doesNotHaveDuplicates();
        assertThat(told.issued.get(1)[0]).isGreaterThan(told.issued.get(0)[2]);
        assertThatThrownBy(() -> ids.nextIds(9, 0, Runnable::run, told))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count must be at least 1, got 0");
    }

    @Test
    void takersThatWaitForALockThatIsHeldElsewhereAreRefusedEachAtItsOwnTime() {
        List<Runnable> tasks = new ArrayList<>();
        RecordedIdGenerator ids = builder(store).threads(tasks::add).start();
        loop.pass(SETTINGS.ahead().plus(SETTINGS.guard()).plusSeconds(1));
        store.lock("orders", "node-" + NODE).tryLock("theirs", Duration.ofMinutes(1));
        Told first = new Told();
        Told second = new Told();
        ids.nextIds(NODE, 1, Runnable::run, first);
        time.pass(Duration.ofSeconds(2));
        ids.nextIds(NODE, 1, Runnable::run, second);
        long begun = time.monotonicNanos();
        tasks.forEach(Runnable::run);
        assertThat(first.refused).containsExactly(Reason.RATE_EXCEEDED);
        assertThat(second.refused).containsExactly(Reason.RATE_EXCEEDED);
        assertThat(Duration.ofNanos(time.monotonicNanos() - begun))
                .as("time until the second, which had maxWait of 3 s, was refused")
                .isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_010));
    }

    @Test
    void aTakerOfAClosedGeneratorIsRefused() {
        RecordedIdGenerator ids = started();
        assertThat(ids.beginClose(false, () -> {})).isTrue();
        Told told = new Told();
        ids.nextIds(NODE, 1, Runnable::run, told);
        assertThat(told.refused).containsExactly(Reason.CLOSED);
    }
}
