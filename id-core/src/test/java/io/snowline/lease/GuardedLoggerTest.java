package io.snowline.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class GuardedLoggerTest {

    private final List<String> lines = new ArrayList<>();
    private Throwable broken;
    private final GuardedLogger log = new GuardedLogger(new Backend());

    /** Keeps the log records, or throws. */
    private final class Backend implements System.Logger {

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return level != Level.DEBUG;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            if (broken instanceof Error error) {
                throw error;
            }
            if (broken instanceof RuntimeException exception) {
                throw exception;
            }
            lines.add(message);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            throw new UnsupportedOperationException(format);
        }
    }

    @Test
    void whatTheLogThrowsChangesNothingAndTheNextLineThatGetsThroughSaysSo() {
        for (Throwable thrown : List.of(new OutOfMemoryError("full"), new IllegalStateException("closed"))) {
            broken = thrown;
            assertThat(log.log(Level.INFO, () -> "lost", null)).isFalse();
            broken = null;
            assertThat(log.log(Level.INFO, () -> "next", null)).isTrue();
            assertThat(log.log(Level.INFO, () -> "last", null)).isTrue();
            assertThat(lines).containsExactly("next (lines before this one are missing: " + thrown + ")", "last");
            lines.clear();
        }
    }

    @Test
    void aMessageThatCannotBeMadeIsALineThatIsMissing() {
        assertThat(log.log(Level.DEBUG, () -> String.valueOf(1 / lines.size()), null))
                .as("nobody wants it")
                .isTrue();
        assertThat(log.log(Level.INFO, () -> String.valueOf(1 / lines.size()), null))
                .isFalse();
    }

    @Test
    void aLineThatGotThroughIsNotSaidAgainSoonAndOneThatDidNotIs() {
        broken = new OutOfMemoryError("full");
        log.logRarely(Level.INFO, "first", broken);
        broken = null;
        log.logRarely(Level.INFO, "second", new IllegalStateException("planted"));
        log.logRarely(Level.INFO, "third", new IllegalStateException("planted"));
        assertThat(lines).singleElement().asString().startsWith("second (lines before");
    }
}
