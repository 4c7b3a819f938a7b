package io.snowline.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sorting in runs, compared with sorting in memory. */
class ExternalSortTest {

    @TempDir
    private Path directory;

    private record Entry(long id, long ordinal) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 4_999, 5_000, 5_001, 100_000})
    void idsComeInOrderAndEqualOnesAsTheyWereAdded(int runSize) {
        for (long range : new long[] {1, 10, 5_000, 1L << 40, Long.MAX_VALUE}) {
            long count = Math.min(5_000, 1_000L * runSize); // at most a thousand runs
            long[] ids = new Random(range).longs(count, 0, range).toArray();

            assertThat(sorted(ids, runSize)).as("range %d", range).isEqualTo(expected(ids));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1_000})
    void orderAndItsReverseAreSortedToo(int runSize) {
        long[] ascending = LongStream.range(0, 3_000).map(i -> i << 22).toArray();
        long[] descending =
                LongStream.range(0, 3_000).map(i -> Long.MAX_VALUE - (i << 50)).toArray();

        assertThat(sorted(ascending, runSize)).isEqualTo(expected(ascending));
        assertThat(sorted(descending, runSize)).isEqualTo(expected(descending));
    }

    @Test
    void runsLongerThanTheBuffersAreReadBackWhole() {
        long[] ids = new Random(3).longs(300_000, 0, Long.MAX_VALUE).toArray();

        assertThat(sorted(ids, 60_000)).isEqualTo(expected(ids));
    }

    @Test
    void nothingIsSortedToNothing() {
        assertThat(sorted(new long[0], 10)).isEmpty();
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        assertThat(sorted(new long[] {3, 2, 1}, 1)).hasSize(3);

        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsNamed() {
        try (ExternalSort sort = new ExternalSort(directory.resolve("nowhere"), 1)) {
            sort.add(1);

            assertThatThrownBy(() -> sort.add(2))
                    .isInstanceOf(AuditException.class)
                    .hasMessageContaining("temporary directory must have room")
                    .hasMessageContaining("nowhere");
        }
    }

    private List<Entry> sorted(long[] ids, int runSize) {
        List<Entry> sorted = new ArrayList<>();
        try (ExternalSort sort = new ExternalSort(directory, runSize)) {
            for (long id : ids) {
                sort.add(id);
            }
            sort.forEach((id, ordinal) -> sorted.add(new Entry(id, ordinal)));
        }
        return sorted;
    }

    private static List<Entry> expected(long[] ids) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            entries.add(new Entry(ids[i], i));
        }
        entries.sort(Comparator.comparingLong(Entry::id).thenComparingLong(Entry::ordinal));
        return entries;
    }
}
