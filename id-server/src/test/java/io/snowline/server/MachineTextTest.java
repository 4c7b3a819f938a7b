package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Text for machines must not depend on the locale. In many locales {@code %d} writes other digits than 0 to 9, which
 * then stand in addresses, records and messages; {@code %s} never does.
 */
class MachineTextTest {

    private static final Pattern LOCALIZED = Pattern.compile("%[-0-9,+(]*(?:\\.[0-9]+)?[dfegEG]");

    @Test
    void noSourceFormatsNumbersByTheDefaultLocale() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            List<String> lines = files.filter(MachineTextTest::isMainSource)
                    .flatMap(MachineTextTest::localized)
                    .toList();
            assertThat(lines).isEmpty();
        }
        assertThat(LOCALIZED.matcher("port %d").find()).isTrue();
        assertThat(LOCALIZED.matcher("%s of %.1f").find()).isTrue();
        assertThat(LOCALIZED.matcher("100%% done").find()).isFalse();
    }

    private static boolean isMainSource(Path file) {
        String path = file.toString().replace('\\', '/');
        return path.endsWith(".java") && path.matches("\\.\\./id-[^/]*/src/main/java/.*");
    }

    private static Stream<String> localized(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return IntStream.range(0, lines.size())
                    .filter(i -> LOCALIZED.matcher(lines.get(i)).find()
                            && !lines.get(i).contains("Locale.ROOT"))
                    .mapToObj(i -> file + ":" + (i + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
