package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CommitQueueTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int LONGEST_COMMIT = 100;

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<Integer> commits = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore mayEnd = new Semaphore(0);
    private final AtomicLong next = new AtomicLong(1);
    private final AtomicInteger idle = new AtomicInteger();
    private volatile boolean breaks;
    private volatile boolean refusesInterruptedThreads;
    private final AtomicLong nanos = new AtomicLong();
    private final List<Thread> leaders = Collections.synchronizedList(new ArrayList<>());
    private final CommitQueue queue = new CommitQueue(TimeSource.system(), LONGEST_COMMIT, new Committing());

    /** Numbers what is asked for, when it may. */
    private final class Committing implements CommitQueue.Work {

        @Override
        public void commit(CommitQueue.Lead lead) {
            List<CommitRequest> batch = lead.take();
            if (!batch.isEmpty()) {
                CommitQueueTest.this.commit(batch);
            }
        }

        @Override
        public void idle() {
            idle.incrementAndGet();
        }
    }

    private void commit(List<CommitRequest> requests) {
        begun.release();
        mayEnd.acquireUninterruptibly();
        commits.add(requests.size());
        leaders.add(Thread.currentThread());
        if (breaks) {
            throw new OutOfMemoryError("as if");
        }
        if (refusesInterruptedThreads && Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("interrupted");
        }
        for (CommitRequest request : requests) {
            long[] source = new long[request.count];
            for (int i = 0; i < source.length; i++) {
                source[i] = next.getAndIncrement();
            }
            request.fill(source, 0);
        }
    }

    private CompletableFuture<long[]> ask(int count, Duration maxWait) {
        return ask(queue, count, maxWait);
    }

    private CompletableFuture<long[]> ask(CommitQueue queue, int count, Duration maxWait) {
        return CompletableFuture.supplyAsync(
                () -> {
                    long[] ids = new long[count];
                    queue.fill(ids, 0, count, new Deadline(TimeSource.system(), maxWait));
                    return ids;
                },
                callers);
    }

    private List<CompletableFuture<long[]>> askWhileOneCommits(int callersMore, int countEach) throws Exception {
        return askWhileOneCommits(queue, callersMore, countEach);
    }

    private List<CompletableFuture<long[]>> askWhileOneCommits(CommitQueue queue, int callersMore, int countEach)
            throws Exception {
        List<CompletableFuture<long[]>> asked = new ArrayList<>();
        asked.add(ask(queue, 1, LONG));
        begun.acquire();
        for (int i = 0; i < callersMore; i++) {
            asked.add(ask(queue, countEach, LONG));
        }
        while (queue.waiting() < callersMore) {
            Thread.onSpinWait();
        }
        return asked;
    }

    @AfterEach
    void endEverything() {
        mayEnd.release(1_000_000);
        callers.shutdownNow();
    }

    @Test
    void whoWaitsAtTheSameMomentSharesOneCommit() throws Exception {
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(20, 3);
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            assertThat(one.get(10, TimeUnit.SECONDS))
                    .isSorted()
                    .doesNotContain(0L)
                    .doesNotHaveDuplicates();
        }
        assertThat(commits).containsExactly(1, 20);
    }

    /** Time that stands still until it is set, and in which a thread that parks sleeps until it is woken. */
    private class TimeOfThisTest implements TimeSource {
        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public long monotonicNanos() {
            return nanos.get();
        }

        @Override
        public void parkNanos(long parkNanos) {
            LockSupport.park();
        }
    }

    @Test
    void theLeaderGoesOnForThoseWhoHaveComeAndEverybodyIsWoken() throws Exception {
        CommitQueue stays = new CommitQueue(new TimeOfThisTest(), LONGEST_COMMIT, new Committing());
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(stays, 20, 30);
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            assertThat(one.get(10, TimeUnit.SECONDS)).doesNotContain(0L);
        }
        assertThat(commits).containsExactly(1, 3, 3, 3, 3, 3, 3, 2);
        assertThat(leaders).containsOnly(leaders.get(0));
        assertThat(idle).hasValue(1);
    }

    @Test
    void theLeadIsHandedOverAfterAWhile() throws Exception {
        CommitQueue stays = new CommitQueue(new TimeOfThisTest(), LONGEST_COMMIT, new Committing());
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(stays, 20, 30);
        nanos.set(1_000_000);
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            assertThat(one.get(10, TimeUnit.SECONDS)).doesNotContain(0L);
        }
        assertThat(commits).containsExactly(1, 3, 3, 3, 3, 3, 3, 2);
        assertThat(leaders.get(1)).isNotEqualTo(leaders.get(0));
        assertThat(leaders.subList(1, leaders.size())).containsOnly(leaders.get(1));
    }

    @Test
    void itIsIdleWhenNobodyWaits() throws Exception {
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(20, 3);
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            one.get(10, TimeUnit.SECONDS);
        }
        assertThat(ask(1, LONG).get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(commits).containsExactly(1, 20, 1);
        assertThat(idle).hasValue(2);
    }

    @Test
    void aTaskRunsBetweenCommitsOnly() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(1, 1);
        queue.betweenCommits(interrupts -> ran.incrementAndGet());
        assertThat(ran).hasValue(0);
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            one.get(10, TimeUnit.SECONDS);
        }
        while (idle.get() == 0) {
            Thread.onSpinWait();
        }
        List<CompletableFuture<long[]>> meanwhile = new ArrayList<>();
        queue.betweenCommits(interrupts -> {
            ran.incrementAndGet();
            queue.betweenCommits(nested -> ran.incrementAndGet());
            meanwhile.add(ask(1, LONG));
            while (queue.waiting() == 0) {
                Thread.onSpinWait();
            }
        });
        assertThat(ran).as("one task at a time").hasValue(1);
        assertThat(meanwhile.get(0).get(10, TimeUnit.SECONDS))
                .as("who came meanwhile")
                .hasSize(1);
    }

    @Test
    void aCommitTakesNoMoreThanItsShareUnlessOneRequestIsLarger() throws Exception {
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(4, 40);
        asked.add(ask(1_000, LONG));
        while (queue.waiting() < 5) {
            Thread.onSpinWait();
        }
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            assertThat(one.get(10, TimeUnit.SECONDS)).doesNotContain(0L);
        }
        assertThat(commits).containsExactly(1, 2, 2, 1);
    }

    @Test
    void aTurnThatDoesNotComeInTimeIsRefusedAndTheOthersGoOn() throws Exception {
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(1, 1);
        CompletableFuture<long[]> impatient = ask(1, Duration.ofMillis(20));
        assertThatThrownBy(() -> impatient.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.RATE_EXCEEDED));
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            assertThat(one.get(10, TimeUnit.SECONDS)).hasSize(1);
        }
        assertThat(commits).containsExactly(1, 1);
    }

    @Tag("T24")
    @Test
    void aCommitThatBreaksOffHandsNothingOutAndLeavesNobodyWaiting() throws Exception {
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(5, 1);
        breaks = true;
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            assertThatThrownBy(() -> one.get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfAny(IdUnavailableException.class, OutOfMemoryError.class);
        }
        breaks = false;
        assertThat(ask(1, LONG).get(10, TimeUnit.SECONDS)).doesNotContain(0L);
    }

    @Test
    void anInterruptedCallerLeavesTheQueueAndStaysInterrupted() throws Exception {
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(0, 1);
        CompletableFuture<Boolean> interrupted = CompletableFuture.supplyAsync(
                () -> {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> queue.fill(new long[1], 0, 1, new Deadline(TimeSource.system(), LONG)))
                            .isInstanceOf(IdUnavailableException.class);
                    return Thread.interrupted();
                },
                callers);
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.waiting()).isZero();
        mayEnd.release(1_000);
        assertThat(asked.get(0).get(10, TimeUnit.SECONDS)).hasSize(1);
    }

    @Test
    void anInterruptedCallerThatLeadsCommitsWithoutItsInterruptAndKeepsIt() throws Exception {
        refusesInterruptedThreads = true;
        mayEnd.release(1_000);
        CompletableFuture<Boolean> interrupted = CompletableFuture.supplyAsync(
                () -> {
                    Thread.currentThread().interrupt();
                    queue.fill(new long[1], 0, 1, new Deadline(TimeSource.system(), LONG));
                    return Thread.interrupted();
                },
                callers);
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCallerThatIsInterruptedWhileItIsGivenTheLeadCommitsForTheOthersAndKeepsItsInterrupt() throws Exception {
        refusesInterruptedThreads = true;
        AtomicReference<Thread> waiter = new AtomicReference<>(Thread.currentThread());
        TimeSource interruptingTime = new TimeOfThisTest() {
            @Override
            public void parkNanos(long parkNanos) {
                super.parkNanos(parkNanos);
                if (Thread.currentThread().equals(waiter.get())) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        CommitQueue interrupting = new CommitQueue(interruptingTime, 1, new Committing());
        CompletableFuture<long[]> first = ask(interrupting, 1, LONG);
        begun.acquire();
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(
                () -> {
                    waiter.set(Thread.currentThread());
                    interrupting.fill(new long[1], 0, 1, new Deadline(interruptingTime, LONG));
                    return Thread.interrupted();
                },
                callers);
        awaitWaiting(interrupting, 1);
        awaitParked(waiter);
        CompletableFuture<long[]> third = ask(interrupting, 1, LONG);
        awaitWaiting(interrupting, 2);
        nanos.set(1_000_000);
        mayEnd.release(1_000);
        assertThat(first.get(10, TimeUnit.SECONDS)).doesNotContain(0L);
        assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(third.get(10, TimeUnit.SECONDS)).doesNotContain(0L);
    }

    private static void awaitParked(AtomicReference<Thread> thread) {
        while (thread.get().getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void awaitWaiting(CommitQueue queue, int count) {
        while (queue.waiting() < count) {
            Thread.onSpinWait();
        }
    }

    private static Deadline later() {
        return new Deadline(TimeSource.system(), LONG);
    }

    /** A taker's answer. */
    private static class Answer extends CompletableFuture<long[]> implements IdTaker {
        @Override
        public void issued(long[] ids) {
            assertThat(complete(ids)).as("told once").isTrue();
        }

        @Override
        public void refused(IdUnavailableException why) {
            assertThat(completeExceptionally(why)).as("told once").isTrue();
        }
    }

    private static void assertRefused(Answer answer, Reason reason) {
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(reason));
    }

    private List<Answer> takersWaitBehindACommit(Executor... executors) throws Exception {
        var unused = askWhileOneCommits(0, 1);
        List<Answer> answers = new ArrayList<>();
        for (Executor executor : executors) {
            Answer answer = new Answer();
            queue.ask(1, later(), executor, answer);
            answers.add(answer);
        }
        return answers;
    }

    @Test
    void takersAndCallersShareACommit() throws Exception {
        List<Answer> answers = takersWaitBehindACommit(callers, callers, callers);
        CompletableFuture<long[]> caller = ask(2, LONG);
        awaitWaiting(queue, 4);
        mayEnd.release(1_000);
        for (Answer answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS)).hasSize(1).doesNotContain(0L);
        }
        assertThat(caller.get(10, TimeUnit.SECONDS)).doesNotContain(0L);
        assertThat(commits).containsExactly(1, 4);
    }

    @Test
    void aTakersCommitRunsOnItsExecutor() throws Exception {
        List<Runnable> tasks = new ArrayList<>();
        mayEnd.release(1_000);
        Answer first = new Answer();
        Answer second = new Answer();
        Executor executor = tasks::add;
        queue.ask(1, later(), executor, first);
        queue.ask(1, later(), executor, second);
        assertThat(commits).isEmpty();
        tasks.forEach(Runnable::run);
        assertThat(tasks).hasSize(1);
        assertThat(commits).containsExactly(2);
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(idle).hasValue(1);
    }

    @Test
    void aTakerWithoutAThreadIsRefusedAndTheOthersGoOn() throws Exception {
        Executor stopped = task -> {
            throw new RejectedExecutionException("stopping");
        };
        Executor outOfThreads = task -> {
            throw new OutOfMemoryError("unable to create native thread, as if");
        };
        List<Answer> answers = takersWaitBehindACommit(stopped, outOfThreads, callers);
        mayEnd.release(1_000);
        assertThat(answers.get(2).get(10, TimeUnit.SECONDS)).hasSize(1);
        for (Answer answer : answers.subList(0, 2)) {
            assertThat(answer.handle((ids, why) -> true).get(10, TimeUnit.SECONDS))
                    .as("told")
                    .isTrue();
        }
        Answer alone = new Answer();
        queue.ask(1, later(), stopped, alone);
        assertRefused(alone, Reason.CLOSED);
        Answer withoutMemory = new Answer();
        queue.ask(1, later(), outOfThreads, withoutMemory);
        assertRefused(withoutMemory, Reason.RATE_EXCEEDED);
        assertThat(ask(1, LONG).get(10, TimeUnit.SECONDS)).hasSize(1);
    }

    @Test
    void aTakerThatIsLateIsRefusedWithoutACommit() throws Exception {
        var unused = askWhileOneCommits(0, 1);
        Answer late = new Answer();
        queue.ask(1, new Deadline(TimeSource.system(), Duration.ZERO), callers, late);
        mayEnd.release(1_000);
        assertRefused(late, Reason.RATE_EXCEEDED);
        assertThat(ask(1, LONG).get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(commits).containsExactly(1, 1);
    }

    @Test
    void whatATakerThrowsDoesNotConcernTheOthers() {
        List<Throwable> reported = new ArrayList<>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> reported.add(error));
        mayEnd.release(1_000);
        List<Runnable> tasks = new ArrayList<>();
        Executor executor = tasks::add;
        queue.ask(1, later(), executor, new Answer() {
            @Override
            public void issued(long[] ids) {
                throw new OutOfMemoryError("as if");
            }
        });
        Answer second = new Answer();
        queue.ask(1, later(), executor, second);
        try {
            tasks.forEach(Runnable::run);
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
        }
        assertThat(second).isCompleted();
        assertThat(reported).singleElement().isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void closingRefusesThoseThatWaitAndThoseThatCome() throws Exception {
        List<Answer> answers = takersWaitBehindACommit(callers, callers);
        CompletableFuture<long[]> caller = ask(1, LONG);
        awaitWaiting(queue, 3);
        queue.close();
        assertRefused(answers.get(0), Reason.CLOSED);
        assertRefused(answers.get(1), Reason.CLOSED);
        assertThatThrownBy(() -> caller.get(10, TimeUnit.SECONDS)).hasMessageContaining("the generator was closed");
        Answer late = new Answer();
        queue.ask(1, later(), callers, late);
        assertRefused(late, Reason.CLOSED);
        mayEnd.release(1_000);
        queue.awaitFinished(TimeUnit.SECONDS.toNanos(10));
        assertThat(commits).containsExactly(1);
    }

    @Tag("T28")
    @Test
    void noneIsLostOrToldTwiceWhenManyAskAtOnce() throws Exception {
        int threads = 8;
        int each = 10_000;
        mayEnd.release(1_000_000);
        List<Throwable> reported = Collections.synchronizedList(new ArrayList<>());
        ExecutorService pool = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((failed, error) -> reported.add(error));
            return thread;
        });
        List<CompletableFuture<List<Answer>>> asked = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            asked.add(CompletableFuture.supplyAsync(() -> askOneAfterTheOther(each, pool), callers));
        }
        List<Long> ids = new ArrayList<>();
        for (CompletableFuture<List<Answer>> answers : asked) {
            for (Answer answer : answers.get(60, TimeUnit.SECONDS)) {
                ids.add(answer.get(60, TimeUnit.SECONDS)[0]);
            }
        }
        pool.shutdown();
        assertThat(ids).hasSize(threads * each).doesNotHaveDuplicates();
        assertThat(reported).isEmpty();
    }

    private List<Answer> askOneAfterTheOther(int count, Executor executor) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Answer answer = new Answer();
            queue.ask(1, later(), executor, answer);
            answers.add(answer);
        }
        return answers;
    }
}
