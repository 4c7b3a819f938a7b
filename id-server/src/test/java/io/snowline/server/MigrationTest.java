package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdLayout;
import io.snowline.server.testing.RunningServer;
import io.snowline.server.testing.ServerProcess.Result;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Moving in with a table of a million rows: its IDs, then new ones above the largest, and the audit over all of them. */
class MigrationTest {

    private static final int ROWS = 1_000_000;
    private static final int NEW_ROWS = 100_000;

    @TempDir
    private Path directory;

    /** The old generators, each with the number of its node ids. */
    static Stream<Arguments> oldGenerators() {
        Instant twitter = Instant.ofEpochMilli(1_288_834_974_657L);
        IdLayout classic = IdLayout.classic(twitter);
        IdLayout seconds = new IdLayout(29, 21, 13, Duration.ofSeconds(1), Instant.parse("2016-09-19T16:00:00Z"));
        return Stream.of(
                Arguments.of("Leaf: workers from 0", classic, 8),
                Arguments.of("MyBatis-Plus: any worker, of MAC address and process id", classic, classic.nodeCount()),
                Arguments.of("uid-generator: a worker for each start", seconds, 4_711));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oldGenerators")
    void newIdsLieAboveTheOldOnesAndTheAuditIsClean(String name, IdLayout layout, int workers) throws Exception {
        long[] before = rows(layout, workers);
        long largest = before[ROWS - 1];
        long[] after = take(layout, largest);

        assertThat(after).doesNotHaveDuplicates();
        assertThat(Arrays.stream(after).min().orElseThrow()).isGreaterThan(largest);
        String bits = "%s/%s/%s".formatted(layout.timestampBits(), layout.nodeBits(), layout.sequenceBits());
        Result audit = Commands.run(
                "audit",
                "--layout",
                bits,
                "--tick",
                layout.tick().toMillis() + "ms",
                "--epoch",
                layout.epoch().toString(),
                write("before.txt", before),
                write("after.txt", after));
        assertThat(audit.err()).isEmpty();
        assertThat(audit.status()).as(audit.out()).isZero();
        assertThat(audit.out()).startsWith(ROWS + NEW_ROWS + " IDs").contains("no ID occurs more than once");
    }

    /** Makes the IDs of the rows, of a time that ends a minute ago, in ascending order and none twice. */
    private static long[] rows(IdLayout layout, int workers) {
        SplittableRandom random = new SplittableRandom(1);
        long end = layout.position(layout.smallestId(Instant.now().minusSeconds(60)));
        long begin = layout.position(layout.smallestId(Instant.now().minus(Duration.ofDays(300))));
        long[] ids = LongStream.generate(() -> layout.compose(random.nextLong(begin, end), random.nextInt(workers)))
                .distinct()
                .limit(ROWS)
                .toArray();
        Arrays.sort(ids);
        return ids;
    }

    private long[] take(IdLayout layout, long startAbove) throws Exception {
        String yaml =
                """
                generators:
                  orders:
                    layout: {timestampBits: %s, nodeBits: %s, sequenceBits: %s, tick: %sms}
                    epoch: %s
                    startAbove: %s
                    maxBatch: %s
                    maxWait: 10s
                    lanes: 4
                """
                        .formatted(
                                layout.timestampBits(),
                                layout.nodeBits(),
                                layout.sequenceBits(),
                                layout.tick().toMillis(),
                                layout.epoch(),
                                startAbove,
                                NEW_ROWS / 10);
        try (RunningServer server = RunningServer.start(directory, yaml)) {
            ByteBuffer all = ByteBuffer.allocate(Long.BYTES * NEW_ROWS);
            while (all.hasRemaining()) {
                all.put(server.bytes("/v1/orders/ids?count=" + NEW_ROWS / 10, "Accept", "application/octet-stream")
                        .body());
            }
            long[] ids = new long[NEW_ROWS];
            all.flip().asLongBuffer().get(ids);
            return ids;
        }
    }

    private String write(String name, long[] ids) throws IOException {
        Path file = directory.resolve(name);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (long id : ids) {
                out.write(Long.toString(id));
                out.write('\n');
            }
        }
        return file.toString();
    }
}
