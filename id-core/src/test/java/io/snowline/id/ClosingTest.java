package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.ManualTimeSource;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Closing a generator from real threads: whichever thread does it, nothing is issued afterwards, and node ids are given
 * back.
 */
@Timeout(60)
class ClosingTest {

    private static final long LONGEST_SPIN_NANOS = 20_000_000_000L;
    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aListenerThatClosesDoesNotWaitAndTheNodeIdsAreGivenBackAfterIt(int lanes) throws Exception {
        MemoryStore store = new MemoryStore(System::currentTimeMillis);
        CompletableFuture<SnowflakeGenerator> started = new CompletableFuture<>();
        CompletableFuture<Duration> closing = new CompletableFuture<>();
        AtomicInteger acquired = new AtomicInteger();
        Set<Thread> loops = ConcurrentHashMap.newKeySet();
        SnowflakeGenerator ids = SnowflakeGenerator.builder(store, "orders")
                .label("one")
                .lanes(lanes)
                .listener(event -> {
                    loops.add(Thread.currentThread());
                    if (event.kind() == LeaseEvent.Kind.ACQUIRED && acquired.incrementAndGet() == lanes) {
                        closing.complete(durationOf(started.join()::close));
                    }
                })
                .start();
        started.complete(ids);

        assertThat(closing.get(30, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(2));
        assertThat(loops).hasSize(lanes);
        for (Thread loop : loops) {
            loop.join(10_000);
            assertThat(loop.isAlive()).as("the loop goes on").isFalse();
        }
        assertThat(store.read("orders").nodes().values()).hasSize(lanes).allMatch(stored -> stored.record()
                .released());
        assertClosed(ids);
    }

    private static Duration durationOf(Runnable task) {
        long begun = System.nanoTime();
        task.run();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static void assertClosed(SnowflakeGenerator ids) {
        assertThatThrownBy(ids::nextId).isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.CLOSED));
    }

    @Test
    void noCallThatBeginsAfterCloseHasReturnedGetsAnId() throws Exception {
        MemoryStore store = new MemoryStore(System::currentTimeMillis);
        SnowflakeGenerator ids = SnowflakeGenerator.builder(store, "orders")
                .label("one")
                .layout(new IdLayout(36, 1, 26, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH))
                .start();
        assertThat(ids.awaitReady(Duration.ofSeconds(30))).isTrue();
        CountDownLatch drawing = new CountDownLatch(4);
        CountDownLatch closed = new CountDownLatch(1);
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean singly = i % 2 == 0;
            callers.add(begin(() -> drawUntilRefused(ids, singly, drawing, closed)));
        }
        drawing.await();

        ids.close();
        closed.countDown();

        for (Caller caller : callers) {
            caller.assertEnds();
        }
        assertThat(store.read("orders").nodes().values())
                .allMatch(stored -> stored.record().released());
    }

    /** Tells whether no call that began after the generator was closed gave an ID. */
    private static boolean drawUntilRefused(
            SnowflakeGenerator ids, boolean singly, CountDownLatch drawing, CountDownLatch closed) {
        long[] batch = new long[10];
        while (true) {
            boolean late = closed.getCount() == 0;
            try {
                if (singly) {
                    long unused = ids.nextId();
                } else {
                    ids.nextIds(batch);
                }
                if (late) {
                    return false;
                }
            } catch (IdUnavailableException e) {
                return e.reason() == Reason.CLOSED;
            }
            drawing.countDown();
        }
    }

    /**
     * A caller that is stopped while it swaps windows holds lane 0, so the first thread that closes is stopped as well.
     */
    @Test
    void whoeverClosesAtTheSameTimeAsAnotherReturnsOnceEveryLaneIsSealed() throws Exception {
        ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
        StandsStillInASwap clock = new StandsStillInASwap(time);
        MemoryStore store = new MemoryStore(time::wallMillis);
        ManualLoop loop = new ManualLoop(time);
        SnowflakeGenerator ids = SnowflakeGenerator.builder(store, "orders")
                .layout(new IdLayout(40, 3, 1, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH))
                .nodeIds(new NodeIdRange(0, 7))
                .lanes(2)
                .maxLead(Duration.ofHours(1))
                .maxWait(Duration.ZERO)
                .timeSource(clock)
                .random(new SplittableRandom(1))
                .loops(name -> loop)
                .start();
        loop.pass(Duration.ofMinutes(2));
        for (int lane = 0; lane < 2; lane++) {
            begin(lane, () -> ids.nextId() > 0).assertEnds();
        }
        int lost = ids.status().get(0).node().orElseThrow();
        store.overwrite(
                "orders",
                lost,
                record -> new NodeRecord(lost, "stolen", "thief", "elsewhere", record.end(), record.end() + 1));
        loop.pass(Duration.ofSeconds(10));

        clock.armed = true;
        Caller swapping = begin(0, () -> drawUntilSwapped(ids, clock));
        clock.standing.await();
        Caller closing = begin(0, () -> {
            ids.close();
            return true;
        });
        closing.awaitStandingOrEnd();
        Caller closingToo = begin(1, () -> {
            ids.close();
            assertClosed(ids);
            return true;
        });
        closingToo.awaitStandingOrEnd();
        clock.goOn.countDown();
        closingToo.assertEnds();
        swapping.assertEnds();
        while (!closing.task().isDone()) {
            loop.run();
        }
        closing.assertEnds();
    }

    private static boolean drawUntilSwapped(SnowflakeGenerator ids, StandsStillInASwap clock) {
        try {
            while (clock.goOn.getCount() > 0) {
                long unused = ids.nextId();
            }
        } catch (IdUnavailableException e) {
            return e.reason() == Reason.CLOSED;
        }
        return true;
    }

    /** Clocks that stop a caller, once, when it reads them while it goes on to the next window. */
    private static final class StandsStillInASwap implements TimeSource {
        private final TimeSource time;
        private final CountDownLatch standing = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private volatile boolean armed;

        StandsStillInASwap(TimeSource time) {
            this.time = time;
        }

        @Override
        public long wallMillis() {
            return time.wallMillis();
        }

        @Override
        public long monotonicNanos() {
            if (armed && Thread.currentThread() instanceof CallingThread && standing.getCount() > 0 && swapping()) {
                standing.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return time.monotonicNanos();
        }

        private static boolean swapping() {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getMethodName().equals("advance")));
        }

        @Override
        public void parkNanos(long nanos) {
            time.parkNanos(nanos);
        }
    }

    // ---- threads ----

    private static final class CallingThread extends Thread {
        CallingThread(Runnable task) {
            super(task);
            setDaemon(true);
        }
    }

    private record Caller(Thread thread, FutureTask<Boolean> task) {

        /** Waits until the thread is blocked by a lock that another thread holds, or has ended. */
        void awaitStandingOrEnd() {
            long begun = System.nanoTime();
            while (!task.isDone() && !standsBeforeASeal()) {
                assertThat(System.nanoTime() - begun).isLessThan(LONGEST_SPIN_NANOS);
                Thread.onSpinWait();
            }
        }

        private boolean standsBeforeASeal() {
            return thread.getState() == Thread.State.WAITING
                    && Stream.of(thread.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("seal"));
        }

        void assertEnds() throws Exception {
            assertThat(task.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Caller begin(Callable<Boolean> call) {
        FutureTask<Boolean> task = new FutureTask<>(call);
        return started(new CallingThread(task), task);
    }

    /** Starts a thread that prefers one of two lanes. */
    private static Caller begin(int lane, Callable<Boolean> call) {
        FutureTask<Boolean> task = new FutureTask<>(call);
        Thread thread = new CallingThread(task);
        while (thread.getId() % 2 != lane) {
            thread = new CallingThread(task);
        }
        return started(thread, task);
    }

    private static Caller started(Thread thread, FutureTask<Boolean> task) {
        thread.start();
        return new Caller(thread, task);
    }
}
