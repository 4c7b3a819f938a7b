package io.snowline.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.id.DecodedId;
import io.snowline.id.IdLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page about moving in: its layouts and epochs are those of the old generators, and its configuration is valid. */
class MovingInTest {

    private static final Path PAGE = Path.of("../docs/migrate/README.md");
    private static final Instant WRITTEN = Instant.parse("2026-11-30T17:00:00.123Z");
    private static final int WORKER = 37;
    private static final int SEQUENCE = 11;

    private static GeneratorSettings row(String from) throws Exception {
        Pattern row = Pattern.compile("\\| " + Pattern.quote(from) + "[^|]*\\| `(\\{.*?})` \\| `(.*?)` \\|.*");
        String line = lines().stream()
                .filter(text -> row.matcher(text).matches())
                .findFirst()
                .orElseThrow();
        Matcher matcher = row.matcher(line);
        assertThat(matcher.matches()).isTrue();
        return Yaml.read("generators: {orders: {layout: %s, epoch: %s}}".formatted(matcher.group(1), matcher.group(2)))
                .generators()
                .get(0);
    }

    private static List<String> lines() throws IOException {
        return Files.readAllLines(PAGE);
    }

    /** The shifts are those of each generator's source: of the time, and of the worker. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Leaf | 1288834974657 | 22 | 12",
                "Snowizard, Twitter | 1288834974657 | 22 | 12",
                "MyBatis-Plus | 1288834974657 | 22 | 12",
                "CosId | 1577203200000 | 22 | 12",
                "yitter | 1582136402000 | 12 | 6"
            })
    void anOldIdDecodesAndEveryLaterOneIsAbove(String from, long epochMillis, int timeShift, int workerShift)
            throws Exception {
        IdLayout layout = row(from).layout();
        long old = (WRITTEN.toEpochMilli() - epochMillis) << timeShift | (long) WORKER << workerShift | SEQUENCE;

        assertThat(layout.decode(old)).isEqualTo(new DecodedId(old, WRITTEN, WORKER, SEQUENCE));
        assertThat(layout.smallestId(WRITTEN.plusMillis(1))).isGreaterThan(old);
    }

    @Test
    void datacenterAndWorkerAreOneNodeId() throws Exception {
        long old = (WRITTEN.toEpochMilli() - 1288834974657L) << 22 | 3L << 17 | 7L << 12;

        assertThat(row("Snowizard, Twitter").layout().node(old)).isEqualTo(3 * 32 + 7);
    }

    @Test
    void theConfigurationOfThePageIsValid() throws Exception {
        List<String> yaml = lines().stream()
                .dropWhile(line -> !line.contains("generators:"))
                .takeWhile(line -> !line.contains("```"))
                .toList();
        GeneratorSettings settings =
                Yaml.read(String.join("\n", yaml)).generators().get(0);

        long startAbove = settings.startAbove().orElseThrow();
        assertThat(settings.layout().decode(startAbove).timestamp()).isEqualTo("2026-11-30T17:00:00Z");
        assertThat(settings.nodeIds().contains(settings.layout().node(startAbove)))
                .as("the old generator's node id is none of Snowline's")
                .isFalse();
    }

    @Test
    void anIdOfUidGeneratorsLastSecondsIsRefusedInEveryOtherLayout() {
        long old = ((1L << 28) - 1) << 35 | 5L << 13;

        assertThatThrownBy(() -> Yaml.read("generators: {orders: {startAbove: %s}}".formatted(old)))
                .hasMessageContaining(
                        "generators.orders: startAbove must lie at most ahead, PT30S, in the future, got " + old);
    }
}
