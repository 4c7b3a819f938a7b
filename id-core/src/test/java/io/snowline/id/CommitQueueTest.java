package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.lease.ThreadEventLoop;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CommitQueueTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int LONGEST_COMMIT = 100;

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final ExecutorService servers = Executors.newCachedThreadPool();
    private final ThreadEventLoop timers = new ThreadEventLoop("commit-queue-test");
    private final List<Integer> commits = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> serving = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore mayEnd = new Semaphore(0);
    private final AtomicLong next = new AtomicLong(1);
    private final AtomicInteger idle = new AtomicInteger();
    private volatile boolean breaks;
    private final CommitQueue queue = queue(servers);

    private CommitQueue queue(Executor threads) {
        Committing committing = new Committing();
        CommitQueue made = new CommitQueue(TimeSource.system(), threads, timers, LONGEST_COMMIT, committing);
        committing.queue = made;
        return made;
    }

    /** Numbers the IDs that are asked for, once it is allowed to. */
    private final class Committing implements CommitQueue.Work {

        private @Nullable CommitQueue queue;

        @Override
        public void commit() {
            CommitBatch batch = Objects.requireNonNull(queue).take();
            if (!batch.requests.isEmpty()) {
                begun.release();
                mayEnd.acquireUninterruptibly();
                number(batch);
            }
        }

        @Override
        public void idle() {
            idle.incrementAndGet();
        }
    }

    private void number(CommitBatch batch) {
        commits.add(batch.requests.size());
        serving.add(Thread.currentThread());
        if (breaks) {
            throw new OutOfMemoryError("as if");
        }
        for (CommitRequest request : batch.requests) {
            request.fill(
                    LongStream.generate(next::getAndIncrement)
                            .limit(request.share())
                            .toArray(),
                    0);
        }
    }

    private CompletableFuture<long[]> ask(int count, Duration maxWait) {
        return ask(queue, count, maxWait);
    }

    private CompletableFuture<long[]> ask(CommitQueue queue, int count, Duration maxWait) {
        return CompletableFuture.supplyAsync(
                () -> {
                    long[] ids = new long[count];
                    queue.fill(ids, new Deadline(TimeSource.system(), maxWait));
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
        servers.shutdown();
        timers.close();
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

    @Test
    void oneThreadCommitsAsLongAsRequestsWaitAndItIsNoCallers() throws Exception {
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(20, 30);
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            assertThat(one.get(10, TimeUnit.SECONDS)).doesNotContain(0L);
        }
        assertThat(commits).containsExactly(1, 3, 3, 3, 3, 3, 3, 2);
        assertThat(serving).containsOnly(serving.get(0));
        awaitIdle(1);
    }

    private void awaitIdle(int times) {
        while (idle.get() < times) {
            Thread.onSpinWait();
        }
        assertThat(idle).hasValue(times);
    }

    @Test
    void itIsIdleWhenNobodyWaits() throws Exception {
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(20, 3);
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            one.get(10, TimeUnit.SECONDS);
        }
        awaitIdle(1);
        assertThat(ask(1, LONG).get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(commits).containsExactly(1, 20, 1);
        awaitIdle(2);
    }

    @Test
    void aTaskRunsBetweenCommitsOnly() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(1, 1);
        queue.betweenCommits(() -> ran.incrementAndGet());
        assertThat(ran).hasValue(0);
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            one.get(10, TimeUnit.SECONDS);
        }
        awaitIdle(1);
        assertThat(ran).as("once the commit was over").hasValue(1);
        List<CompletableFuture<long[]>> meanwhile = new ArrayList<>();
        queue.betweenCommits(() -> {
            queue.betweenCommits(ran::incrementAndGet);
            meanwhile.add(ask(1, LONG));
            while (queue.waiting() == 0) {
                Thread.onSpinWait();
            }
        });
        assertThat(meanwhile.get(0).get(10, TimeUnit.SECONDS))
                .as("who came meanwhile")
                .hasSize(1);
        assertThat(ran).as("the task of a task, after it").hasValue(2);
    }

    @Test
    void aCommitTakesNoMoreThanItsShareAndALargeRequestTakesSeveral() throws Exception {
        List<CompletableFuture<long[]>> asked = askWhileOneCommits(4, 40);
        asked.add(ask(1_000, LONG));
        while (queue.waiting() < 5) {
            Thread.onSpinWait();
        }
        mayEnd.release(1_000);
        for (CompletableFuture<long[]> one : asked) {
            assertThat(one.get(10, TimeUnit.SECONDS)).doesNotContain(0L);
        }
        assertThat(asked.get(5).get()).isSorted().doesNotHaveDuplicates();
        assertThat(commits).startsWith(1, 2, 2).hasSize(13);
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
                    assertThatThrownBy(() -> queue.fill(new long[1], new Deadline(TimeSource.system(), LONG)))
                            .isInstanceOf(IdUnavailableException.class);
                    return Thread.interrupted();
                },
                callers);
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.waiting()).isZero();
        mayEnd.release(1_000);
        assertThat(asked.get(0).get(10, TimeUnit.SECONDS)).hasSize(1);
    }

    private static void awaitWaiting(CommitQueue queue, int count) {
        while (queue.waiting() < count) {
            Thread.onSpinWait();
        }
    }

    private static Deadline later() {
        return new Deadline(TimeSource.system(), LONG);
    }

    /** The answer that a taker gets. */
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
    void takersAreToldByTheirExecutorsAndNotByTheThreadThatCommits() throws Exception {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        List<Answer> answers = takersWaitBehindACommit(tasks::add, callers, tasks::add);
        mayEnd.release(1_000);
        assertThat(answers.get(1).get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(answers.get(0)).isNotDone();
        for (int i = 0; !answers.get(0).isDone() || !answers.get(2).isDone(); i++) {
            assertThat(i).as("tasks").isLessThan(2);
            Objects.requireNonNull(tasks.poll(10, TimeUnit.SECONDS)).run();
        }
    }

    @Test
    void takersWhoseExecutorTakesNoTasksAreToldAllTheSame() throws Exception {
        Executor stopped = task -> {
            throw new RejectedExecutionException("stopping");
        };
        Executor outOfThreads = task -> {
            throw new OutOfMemoryError("unable to create native thread, as if");
        };
        List<Answer> answers = takersWaitBehindACommit(stopped, outOfThreads, callers);
        mayEnd.release(1_000);
        for (Answer answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    @Test
    void requestsAreRefusedWhileNoThreadCanBeHadAndServedAfterwards() throws Exception {
        AtomicBoolean outOfThreads = new AtomicBoolean(true);
        CommitQueue starved = queue(task -> {
            if (outOfThreads.get()) {
                throw new OutOfMemoryError("unable to create native thread, as if");
            }
            servers.execute(task);
        });
        mayEnd.release(1_000);
        assertThatThrownBy(() -> ask(starved, 1, LONG).get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.RATE_EXCEEDED))
                .hasMessageContaining("no thread could be had");
        Answer answer = new Answer();
        starved.ask(1, later(), callers, answer);
        assertRefused(answer, Reason.RATE_EXCEEDED);
        outOfThreads.set(false);
        assertThat(ask(starved, 1, LONG).get(10, TimeUnit.SECONDS)).hasSize(1);
    }

    @Test
    void aTakerIsRefusedInTimeWhileACommitHangs() throws Exception {
        var unused = askWhileOneCommits(0, 1);
        Answer late = new Answer();
        queue.ask(1, new Deadline(TimeSource.system(), Duration.ofMillis(20)), callers, late);
        Answer patient = new Answer();
        queue.ask(1, new Deadline(TimeSource.system(), LONG), callers, patient);
        assertRefused(late, Reason.RATE_EXCEEDED);
        assertThat(patient).isNotDone();
        mayEnd.release(1_000);
        assertThat(patient.get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(commits).containsExactly(1, 1);
    }

    @Test
    void aCallerWhoseCommitHangsIsRefusedInTimeAndNothingIsWrittenIntoItsArrayLater() throws Exception {
        long[] ids = new long[3];
        CompletableFuture<Void> caller = CompletableFuture.runAsync(
                () -> queue.fill(ids, new Deadline(TimeSource.system(), Duration.ofMillis(20))), callers);
        begun.acquire();
        assertThatThrownBy(() -> caller.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.COORDINATOR_UNAVAILABLE))
                .hasMessage("the coordinator did not answer this request within maxWait");
        mayEnd.release(1_000);
        assertThat(ask(1, LONG).get(10, TimeUnit.SECONDS)).containsExactly(4);
        assertThat(ids).containsOnly(0);
    }

    @Test
    void aTakerWhoseCommitHangsIsRefusedInTime() throws Exception {
        Answer late = new Answer();
        queue.ask(3, new Deadline(TimeSource.system(), Duration.ofMillis(20)), callers, late);
        begun.acquire();
        assertRefused(late, Reason.COORDINATOR_UNAVAILABLE);
        mayEnd.release(1_000);
        assertThat(ask(1, LONG).get(10, TimeUnit.SECONDS)).containsExactly(4);
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
    void whatATakerThrowsDoesNotConcernTheOthers() throws Exception {
        List<Throwable> reported = Collections.synchronizedList(new ArrayList<>());
        ExecutorService telling = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((failed, error) -> reported.add(error));
            return thread;
        });
        var unused = askWhileOneCommits(0, 1);
        queue.ask(1, later(), telling, new Answer() {
            @Override
            public void issued(long[] ids) {
                throw new OutOfMemoryError("as if");
            }
        });
        Answer second = new Answer();
        queue.ask(1, later(), telling, second);
        mayEnd.release(1_000);
        assertThat(second.get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(reported).singleElement().isInstanceOf(OutOfMemoryError.class);
        telling.shutdown();
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
        queue.awaitEnd(TimeUnit.SECONDS.toNanos(10));
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
