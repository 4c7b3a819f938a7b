package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.simulation.PlantedCode;
import io.snowline.simulation.PlantedCode.Change;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What callers see of a leader that is paused while it ends their requests. */
class CommitQueueWakingTest {

    private static final String FILE = "id/CommitQueue.java";
    private static final String PAUSE = "LockSupport.parkNanos(20_000_000);";
    private static final String IMPORT = "import java.util.concurrent.locks.Condition;";
    private static final Change IMPORTED = new Change(
            FILE,
            IMPORT,
            "import java.util.concurrent.locks.Condition; import java.util.concurrent.locks.LockSupport;");

    @Test
    void noCallerStaysParkedWhenTheLeaderPausesBetweenTwoOfThem() {
        PlantedCode pausing =
                new PlantedCode(List.of(IMPORTED, new Change(FILE, "decide(callers);", "decide(callers); " + PAUSE)));
        assertThat(pausing.call(getClass().getName(), "callersThatStayParked")).isEqualTo(0);
    }

    @Test
    void aFirstCallerThatIsDoneBeforeThoseItWakesWouldLeaveThemParked() {
        PlantedCode wrong = new PlantedCode(List.of(
                IMPORTED,
                new Change(FILE, "decideFirst(false);", ""),
                new Change(
                        FILE,
                        "decideFirst(goesOn);",
                        "if (callers != null) { callers.wakesOthers = goesOn; }"
                                + " for (Caller one = callers; one != null; one = one.next) { decide(one); " + PAUSE
                                + " }")));
        assertThat(wrong.call(getClass().getName(), "callersThatStayParked")).isEqualTo(2);
    }

    /**
     * Has a leader serve three callers together, of which the first looks for itself all the time, and two more after them.
     * Found by its name from another class loader.
     *
     * @return how many of the three do not get their IDs
     */
    static int callersThatStayParked() throws InterruptedException {
        CountDownLatch mayCommit = new CountDownLatch(1);
        CountDownLatch served = new CountDownLatch(3);
        CommitQueue queue = new CommitQueue(new Standing(), 3, new CommitQueue.Work() {
            @Override
            public void commit(CommitQueue.Lead lead) {
                List<CommitRequest> batch = lead.take();
                mayCommitNow();
                batch.forEach(request -> request.fill(new long[1], 0));
            }

            private void mayCommitNow() {
                try {
                    mayCommit.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void idle() {
                // nothing is held
            }
        });
        for (int i = 0; i < 6; i++) {
            boolean isOfTheThree = i >= 1 && i <= 3;
            Thread caller = new Thread(
                    () -> {
                        queue.fill(new long[1], 0, 1, new Deadline(new Standing(), Duration.ofDays(1)));
                        if (isOfTheThree) {
                            served.countDown();
                        }
                    },
                    i == 1 ? "looks for itself" : "is woken");
            caller.setDaemon(true);
            caller.start();
            while (queue.waiting() < i || (caller.getState() != Thread.State.WAITING && i != 1)) {
                Thread.onSpinWait();
            }
        }
        mayCommit.countDown();
        var unused = served.await(3, TimeUnit.SECONDS);
        return (int) served.getCount();
    }

    /** Time that hardly moves, in which a thread that parks sleeps until it is woken, but for one. */
    private static final class Standing implements TimeSource {

        private final AtomicLong nanos = new AtomicLong();

        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public long monotonicNanos() {
            return nanos.incrementAndGet();
        }

        @Override
        public void parkNanos(long nanos) {
            if (Thread.currentThread().getName().equals("is woken")) {
                LockSupport.park();
            } else {
                LockSupport.parkNanos(100_000);
            }
        }
    }
}
