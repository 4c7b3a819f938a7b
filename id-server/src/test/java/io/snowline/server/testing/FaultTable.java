package io.snowline.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The table of the faults of servers, and of how many IDs were compared afterwards. Each row is printed when it is
 * complete; the table is printed when the last test of a JVM is over, with the rows of other JVMs of the same build,
 * and kept in {@code target/faults/table.md}. Rows and table belong to one build, which is named by the system property
 * {@code snowline.build}.
 *
 * <p>Thread-safe, and safe for use by many JVMs.
 */
public final class FaultTable implements BeforeAllCallback {

    private static final Path DIRECTORY = Path.of("target", "faults");
    private static final String HEAD =
            "| fault | backend | IDs | duplicates | time | issues again within |%n" + "|---|---|---:|---:|---:|---:|%n";

    /**
     * One scenario.
     *
     * @param fault what was done
     * @param backend the backend that the servers ran on
     * @param verdict what the comparison found
     * @param took how long IDs were taken
     * @param recovery how long it took after the fault until each connection had IDs again; empty where that was not measured
     */
    public record Row(
            String fault, String backend, Harvest.Verdict verdict, Duration took, Optional<Duration> recovery) {

        private String store() {
            String recoveryMillis =
                    recovery.map(Duration::toMillis).map(String::valueOf).orElse("");
            return String.join(
                    "\t",
                    backend,
                    fault,
                    "" + verdict.ids(),
                    "" + verdict.duplicates(),
                    "" + took.toMillis(),
                    recoveryMillis);
        }

        private static Row load(String line) {
            String[] parts = line.split("\t", -1);
            return new Row(
                    parts[1],
                    parts[0],
                    new Harvest.Verdict(Long.parseLong(parts[2]), Long.parseLong(parts[3]), Optional.empty()),
                    Duration.ofMillis(Long.parseLong(parts[4])),
                    Optional.of(parts[5])
                            .filter(text -> !text.isEmpty())
                            .map(Long::parseLong)
                            .map(Duration::ofMillis));
        }

        @Override
        public String toString() {
            return line(
                    fault,
                    backend,
                    verdict.ids(),
                    verdict.duplicates(),
                    took,
                    recovery.map(FaultTable::seconds).orElse(""));
        }
    }

    /** Adds a row, and prints it. */
    public static synchronized void add(Row row) {
        System.out.println(row);
        try {
            Files.createDirectories(DIRECTORY);
            try (FileChannel file = FileChannel.open(rows(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    FileLock lock = file.lock()) {
                file.write(ByteBuffer.wrap((row.store() + "\n").getBytes(UTF_8)));
                Files.writeString(DIRECTORY.resolve("table.md"), table());
                lock.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path rows() {
        return DIRECTORY.resolve(
                "rows-" + System.getProperty("snowline.build", "").replaceAll("[^0-9A-Za-z]", "-"));
    }

    private static String table() throws IOException {
        List<Row> rows = Files.exists(rows())
                ? Files.readAllLines(rows()).stream()
                        .sorted(Comparator.naturalOrder())
                        .map(Row::load)
                        .toList()
                : List.of();
        StringBuilder text = new StringBuilder(HEAD.formatted());
        rows.forEach(row -> text.append(row).append(System.lineSeparator()));
        long ids = rows.stream().mapToLong(row -> row.verdict().ids()).sum();
        long duplicates =
                rows.stream().mapToLong(row -> row.verdict().duplicates()).sum();
        Duration took = rows.stream().map(Row::took).reduce(Duration.ZERO, Duration::plus);
        return text.append(line("**total**", "", ids, duplicates, took, ""))
                .append(System.lineSeparator())
                .toString();
    }

    private static String line(
            String fault, String backend, long ids, long duplicates, Duration took, String recovery) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %,d | %,d | %d s | %s |",
                fault,
                backend,
                ids,
                duplicates,
                took.toSeconds(),
                recovery);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Objects in the root's store are closed when the whole run is over.
        var unused = context.getRoot()
                .getStore(Namespace.create(FaultTable.class))
                .computeIfAbsent(AutoCloseable.class, key -> () -> System.out.print(table()), AutoCloseable.class);
    }
}
