package io.snowline.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loop goes on, and says what happened, whatever its tasks and calls throw. */
class ThreadEventLoopTest {

    private final ThreadEventLoop loop = new ThreadEventLoop("test-loop");
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void aCallEndsWithItsAnswerOrItsFailure() throws Exception {
        IllegalStateException failure = new IllegalStateException("planted");
        loop.call(() -> "answer", heard::add, heard::add);
        loop.call(() -> fail(failure), heard::add, heard::add);

        assertThat(next()).isEqualTo("answer");
        assertThat(next()).isSameAs(failure);
    }

    /** Whoever made the call would wait for ever otherwise, and its window would end. */
    @Test
    void aCallThatEndsWithAnErrorOfTheVirtualMachineHasFailed() throws Exception {
        Error error = new OutOfMemoryError("planted");
        loop.call(() -> fail(error), heard::add, heard::add);

        assertThat(next()).isInstanceOfSatisfying(CoordinatorUnavailableException.class, failure -> assertThat(failure)
                .hasCause(error)
                .hasMessageContaining("planted"));
    }

    @Test
    void whatATaskThrowsIsLoggedAndTheNextTaskRuns() throws Exception {
        Logger logger = Logger.getLogger(ThreadEventLoop.class.getName());
        Handler handler = new Hearing();
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            for (Throwable thrown : new Throwable[] {new IllegalStateException("planted"), new StackOverflowError()}) {
                loop.execute(() -> fail(thrown));
                loop.execute(() -> heard.add("next"));

                assertThat(next()).isInstanceOfSatisfying(LogRecord.class, record -> assertThat(record.getThrown())
                        .isSameAs(thrown));
                assertThat(next()).isEqualTo("next");
            }
        } finally {
            logger.setUseParentHandlers(true);
            logger.removeHandler(handler);
        }
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

    private static Object fail(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    private final class Hearing extends Handler {

        @Override
        public void publish(LogRecord record) {
            heard.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
