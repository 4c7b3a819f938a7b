package io.snowline.coordination.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordSourceTest {

    @TempDir
    private Path directory;

    @Test
    void aFileIsReadAgainEachTime() throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "first\n");
        Login login = Login.withDefaultUser("", "ids", Secrets.source("password", null, file.toString()));
        assertThat(login.password()).isEqualTo("first");

        Files.writeString(file, "second\n");
        assertThat(login.password()).isEqualTo("second");
        assertThat(login).hasToString("user 'ids'");
    }

    @Test
    void whileTheFileIsBrokenThePasswordIsWhatItWasAndThatIsToldOnce() throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "first\n");
        PasswordSource source = Secrets.source("password", null, file.toString());
        List<String> told = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                told.add(entry.getMessage() + String.valueOf(entry.getParameters()[0]));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(PasswordSource.class.getName());
        logger.addHandler(handler);
        try {
            Files.delete(file);
            assertThat(source.now()).isEqualTo("first");
            assertThat(source.now()).isEqualTo("first");
            assertThat(told).hasSize(1).allMatch(line -> line.contains("passwordFile must be a text file"));

            Files.writeString(file, "second\n");
            assertThat(source.now()).isEqualTo("second");
            Files.writeString(file, "");
            assertThat(source.now()).isEqualTo("second");
            assertThat(told).hasSize(2).noneMatch(line -> line.contains("second"));
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void aFileThatIsBrokenFromTheStartIsRefused() {
        assertThatThrownBy(() -> Secrets.source("password", null, directory + "/missing"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
