package io.snowline.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever its tasks and calls throw, a loop goes on and says what happened. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadEventLoopTest {

    private static final Logger LOG = Logger.getLogger(ThreadEventLoop.class.getName());

    private final ThreadEventLoop loop = new ThreadEventLoop("test-loop");
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private Handler handler;

    @AfterEach
    void close() {
        loop.close();
        LOG.removeHandler(handler);
        LOG.setUseParentHandlers(true);
    }

    static Stream<Throwable> everyKind() {
        return Stream.of(
                new IllegalStateException("planted"),
                new NoClassDefFoundError("planted"),
                new OutOfMemoryError("planted"),
                new StackOverflowError("planted"));
    }

    // ---- order ----

    @Test
    void tasksRunInTheOrderInWhichTheyFallDue() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        loop.execute(() -> await(all));
        loop.schedule(Duration.ofMillis(60), () -> heard.add("third"));
        loop.schedule(Duration.ofMillis(30), () -> heard.add("second"));
        loop.execute(() -> heard.add("first"));
        for (int i = 0; i < 100; i++) {
            int number = i;
            loop.schedule(Duration.ofMillis(90), () -> heard.add(number));
        }
        all.countDown();

        assertThat(next()).isEqualTo("first");
        assertThat(next()).isEqualTo("second");
        assertThat(next()).isEqualTo("third");
        for (int i = 0; i < 100; i++) {
            assertThat(next()).isEqualTo(i);
        }
    }

    @Test
    void aTaskDoesNotRunBeforeItIsDue() throws Exception {
        long asked = System.nanoTime();
        loop.schedule(Duration.ofMillis(100), () -> heard.add(System.nanoTime() - asked));
        assertThat((long) next()).isGreaterThanOrEqualTo(100_000_000);
    }

    @Test
    void theLongestDelayKeepsNobodyFromRunning() throws Exception {
        loop.schedule(ChronoUnit.FOREVER.getDuration(), () -> heard.add("far too early"));
        loop.schedule(Duration.ofSeconds(-5), () -> heard.add("late"));
        loop.execute(() -> heard.add("now"));
        assertThat(next()).isEqualTo("late");
        assertThat(next()).isEqualTo("now");
    }

    @Test
    void noTaskOfManyThreadsIsLost() throws Exception {
        AtomicInteger run = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int task = 0; task < 20_000; task++) {
                    loop.schedule(Duration.ofNanos(task % 7), run::incrementAndGet);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        loop.schedule(Duration.ofMillis(1), () -> heard.add(run.get()));
        assertThat(next()).isEqualTo(80_000);
    }

    // ---- exceptions and errors ----

    @Test
    void aCallEndsWithItsAnswerOrItsFailure() throws Exception {
        IllegalStateException failure = new IllegalStateException("planted");
        loop.call(() -> "answer", heard::add, heard::add);
        loop.call(() -> fail(failure), heard::add, heard::add);

        assertThat(next()).isEqualTo("answer");
        assertThat(next()).isSameAs(failure);
    }

    /** Otherwise the call would be waited for forever, and the window would end. */
    @Test
    void aCallThatEndsWithAnErrorOfTheVirtualMachineHasFailed() throws Exception {
        Error error = new OutOfMemoryError("planted");
        loop.call(() -> fail(error), heard::add, heard::add);

        assertThat(next()).isInstanceOfSatisfying(CoordinatorUnavailableException.class, failure -> assertThat(failure)
                .hasCause(error)
                .hasMessageContaining("planted"));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void aCallIsMadeOnceHoweverOftenWhatFollowsThrows(Throwable thrown) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger attempts = new AtomicInteger();
        loop.call(
                calls::incrementAndGet,
                answer -> {
                    if (attempts.incrementAndGet() < 3) {
                        fail(thrown);
                    }
                    heard.add(answer);
                },
                heard::add);

        assertThat(next()).as("the answer").isEqualTo(1);
        assertThat(calls).hasValue(1);
        assertThat(attempts).hasValue(3);
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void p12_aTaskThatThrowsRunsAgainAndOthersRunMeanwhile(Throwable thrown) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        loop.execute(() -> {
            if (attempts.incrementAndGet() < 4) {
                fail(thrown);
            }
            heard.add("at last");
        });
        loop.execute(() -> heard.add("meanwhile"));

        assertThat(next()).isEqualTo("meanwhile");
        assertThat(next()).isEqualTo("at last");
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void p12_theRecoveryOfATaskThatThrewRunsUntilItReturnsAndNoOther(Throwable thrown) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        EventLoop mine = loop.recoveringWith(what -> {
            if (attempts.incrementAndGet() < 3) {
                fail(thrown);
            }
            heard.add(what);
        });
        EventLoop others = loop.recoveringWith(what -> heard.add("of another"));
        mine.execute(() -> fail(thrown));
        others.execute(() -> heard.add("another"));

        assertThat(next()).isEqualTo("another");
        assertThat(next()).isSameAs(thrown);
        mine.call(() -> 1, answer -> fail(thrown), failure -> heard.add("no failure"));
        assertThat(next()).isSameAs(thrown);
        mine.call(() -> fail(thrown), answer -> heard.add("no answer"), failure -> fail(failure));
        assertThat(((Throwable) next()).getMessage()).contains("planted");
        assertThat(heard).isEmpty();
    }

    @Test
    void whatATaskThrowsIsLoggedRarely() throws Exception {
        hearLog(line -> heard.add(line.getThrown()));
        IllegalStateException first = new IllegalStateException("planted");
        for (Throwable thrown : List.of(first, new StackOverflowError(), new OutOfMemoryError())) {
            CountDownLatch recovered = new CountDownLatch(1);
            loop.recoveringWith(what -> recovered.countDown()).execute(() -> fail(thrown));
            assertThat(recovered.await(10, TimeUnit.SECONDS)).isTrue();
        }
        loop.execute(() -> heard.add("end"));
        assertThat(next()).isSameAs(first);
        assertThat(next()).isEqualTo("end");
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void p12_whatTheLogThrowsChangesNothing(Throwable thrown) throws Exception {
        hearLog(line -> fail(thrown));
        for (int i = 0; i < 3; i++) {
            loop.recoveringWith(what -> heard.add("recovered")).execute(() -> fail(thrown));
            assertThat(next()).isEqualTo("recovered");
        }
    }

    @Test
    void anInterruptOfTheThreadReachesNoTask() throws Exception {
        loop.execute(() -> Thread.currentThread().interrupt());
        loop.execute(() -> heard.add(Thread.currentThread().isInterrupted()));
        assertThat(next()).isEqualTo(false);
    }

    // ---- the thread ----

    @Test
    void aThreadThatCannotBeStartedIsTriedAgain() throws Exception {
        AtomicInteger starts = new AtomicInteger();
        ThreadEventLoop poor = new ThreadEventLoop(body -> new Thread(body) {
            @Override
            public synchronized void start() {
                if (starts.incrementAndGet() < 3) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.start();
            }
        });
        hearLog(line -> heard.add(line.getThrown().getMessage()));
        try (poor) {
            assertThatThrownBy(() -> poor.execute(() -> heard.add("refused")), "the first")
                    .isInstanceOf(OutOfMemoryError.class);
            assertThatThrownBy(() -> poor.execute(() -> heard.add("refused")), "the second")
                    .isInstanceOf(OutOfMemoryError.class);
            poor.execute(() -> heard.add("ran"));
            assertThat(next()).as("said once").isEqualTo("unable to create native thread");
            assertThat(next()).isEqualTo("ran");
        }
    }

    @Test
    void theThreadTakesNothingOverFromTheOneThatCausesItsStart() throws Exception {
        InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        inherited.set("of a request");
        Thread.currentThread().setContextClassLoader(new ClassLoader(before) {});
        try {
            loop.execute(() -> {
                heard.add(Thread.currentThread().getContextClassLoader());
                heard.add(String.valueOf(inherited.get()));
                heard.add(Thread.currentThread().isDaemon());
                heard.add(Thread.currentThread().getName());
            });
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            inherited.remove();
        }
        assertThat(next()).isSameAs(ThreadEventLoop.class.getClassLoader());
        assertThat(next()).isEqualTo("null");
        assertThat(next()).isEqualTo(true);
        assertThat(next()).isEqualTo("test-loop");
    }

    @Test
    void closingDropsWhatHasNotBegunAndEndsTheThread() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        loop.execute(() -> {
            heard.add(Thread.currentThread());
            await(closed);
        });
        loop.execute(() -> heard.add("dropped"));
        Thread thread = (Thread) next();
        loop.close();
        closed.countDown();
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
        loop.execute(() -> heard.add("too late"));
        assertThat(heard).isEmpty();
    }

    @Test
    void closingEndsAThreadThatWaits() throws Exception {
        loop.execute(() -> heard.add(Thread.currentThread()));
        Thread thread = (Thread) next();
        loop.schedule(Duration.ofDays(1), () -> heard.add("too late"));
        loop.close();
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void aLoopKnowsItsOwnThread() throws Exception {
        ThreadEventLoop other = new ThreadEventLoop("other-loop");
        other.execute(() -> heard.add("begun"));
        assertThat(next()).isEqualTo("begun");
        loop.execute(() -> heard.add(loop.isCurrentThread()));
        loop.execute(() -> heard.add(other.isCurrentThread()));

        assertThat(next()).isEqualTo(true);
        assertThat(next()).isEqualTo(false);
        assertThat(loop.isCurrentThread()).isFalse();
        other.close();
    }

    private Object next() throws InterruptedException {
        return heard.poll(10, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object fail(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    /** Receives the log of loops, instead of the handlers that print it, until the end of the test. */
    private void hearLog(Consumer<LogRecord> listener) {
        handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                listener.accept(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        LOG.addHandler(handler);
        LOG.setUseParentHandlers(false);
    }
}
