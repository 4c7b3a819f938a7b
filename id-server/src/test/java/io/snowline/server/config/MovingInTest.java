package io.snowline.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.id.DecodedId;
import io.snowline.id.IdLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages about moving in: their layouts and epochs are those of the old generators, and their examples are right. */
class MovingInTest {

    private static final Path PAGES = Path.of("../docs/migrate");
    private static final Pattern DECODE =
            Pattern.compile("\\$ java -jar id-server.jar decode --layout (\\S+)( --tick 1s)? --epoch (\\S+) (\\d+)");
    private static final Pattern AUDIT =
            Pattern.compile("java -jar id-server.jar audit --layout (\\S+)( --tick 1s)? --epoch (\\S+) .*");
    private static final Pattern NODE_OF_SQL = Pattern.compile(".*\\(id >> (\\d+)\\) & (\\d+)\\)? ?(AS node|FROM).*");
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
        return lines("README");
    }

    private static List<String> lines(String page) throws IOException {
        return Files.readAllLines(PAGES.resolve(page + ".md"));
    }

    /** Reads the blocks of configuration of a page, each by itself. */
    private static List<GeneratorSettings> configurations(String page) throws Exception {
        List<GeneratorSettings> found = new ArrayList<>();
        Matcher block = Pattern.compile("(?ms)^ *```yaml\n(.*?)^ *```$").matcher(String.join("\n", lines(page)));
        while (block.find()) {
            found.addAll(Yaml.read(block.group(1)).generators());
        }
        return found;
    }

    private static String descriptor(Matcher options) {
        return options.group(1) + (options.group(2) == null ? "@1ms" : "@1000ms") + " " + options.group(3);
    }

    private static String descriptor(IdLayout layout) {
        return layout.descriptor() + " " + layout.epoch();
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README",
                "leaf",
                "snowizard",
                "mybatis-plus",
                "cosid",
                "yitter",
                "uid-generator",
                "tinyid",
                "sequences"
            })
    void theConfigurationIsValidAndNoNodeIdIsTheOldOnes(String page) throws Exception {
        GeneratorSettings settings = configurations(page).get(0);
        IdLayout layout = settings.layout();
        long startAbove = settings.common().startAbove().orElseThrow();
        boolean all = settings.common().nodeIds().size() == layout.nodeCount();

        assertThat(all || !settings.common().nodeIds().contains(layout.node(startAbove)))
                .isTrue();
        if (startAbove >= 1L << 40) {
            assertThat(layout.decode(startAbove).timestamp()).isEqualTo("2026-11-30T17:00:00Z");
        }
    }

    /** The commands and statements of a page are about the layout of its configuration, and show what they really show. */
    @ParameterizedTest
    @ValueSource(strings = {"leaf", "snowizard", "mybatis-plus", "cosid", "yitter", "uid-generator"})
    void theExamplesAreOfThatLayout(String page) throws Exception {
        IdLayout layout = configurations(page).get(0).layout();
        List<String> lines = lines(page);
        int examples = 0;
        for (int i = 0; i < lines.size(); i++) {
            Matcher decode = DECODE.matcher(lines.get(i));
            Matcher audit = AUDIT.matcher(lines.get(i));
            Matcher sql = NODE_OF_SQL.matcher(lines.get(i));
            if (decode.matches()) {
                examples++;
                assertThat(descriptor(decode)).isEqualTo(descriptor(layout));
                assertThat(lines.get(i + 1)).isEqualTo(decoded(layout, Long.parseLong(decode.group(4))));
            } else if (audit.matches()) {
                assertThat(descriptor(audit)).isEqualTo(descriptor(layout));
            } else if (sql.matches()) {
                examples++;
                assertThat(sql.group(1)).isEqualTo(String.valueOf(layout.sequenceBits()));
                assertThat(sql.group(2)).isEqualTo(String.valueOf(layout.nodeCount() - 1));
            }
        }
        assertThat(examples).isGreaterThanOrEqualTo(2);
    }

    private static String decoded(IdLayout layout, long id) {
        DecodedId parts = layout.decode(id);
        return "{\"id\":\"%s\",\"timestamp\":\"%s\",\"node\":%s,\"sequence\":%s}"
                .formatted(id, parts.timestamp().toString().replace("Z", ".000Z"), parts.node(), parts.sequence());
    }

    /** The second way on from uid-generator's defaults: the worker's bits of old and new IDs are the same bits, and differ. */
    @Test
    void uidGeneratorsOldIdsHaveNoneOfTheNewNodeIds() throws Exception {
        GeneratorSettings settings = configurations("uid-generator").get(1);
        long last = ((1L << 28) - 1) << 35 | 1_999_999L << 13 | 8191;

        assertThat(settings.layout().descriptor()).isEqualTo("28/22/13@1000ms");
        assertThat(settings.layout().node(last)).isEqualTo(1_999_999);
        assertThat(settings.common().nodeIds().contains(1_999_999)).isFalse();
        assertThat(settings.common().nodeIds().contains(2_000_000)).isTrue();
        assertThat(Instant.ofEpochSecond(1_463_673_600L + (1L << 28))).isEqualTo("2024-11-20T13:24:16Z");
    }

    @Test
    void anIdOfUidGeneratorsLastSecondsIsRefusedInEveryOtherLayout() {
        long old = ((1L << 28) - 1) << 35 | 5L << 13;

        assertThatThrownBy(() -> Yaml.read("generators: {orders: {startAbove: %s}}".formatted(old)))
                .hasMessageContaining(
                        "generators.orders: startAbove must lie at most ahead, PT30S, in the future, got " + old);
    }
}
