package io.snowline.coordination.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path directory;

    /** As it is when a process lost its lock, since the directory was deleted, and goes on where it was. */
    @Test
    void twoWritesAtATimeDoNotMixTheirContents() throws IOException {
        Path file = directory.resolve("records.txt");
        AtomicFile.replaceDurably(file, bytes("late"), () -> {
            AtomicFile.replaceDurably(file, bytes("early"), () -> {});
            assertThat(file).hasContent("early");
        });
        assertThat(file).hasContent("late");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
