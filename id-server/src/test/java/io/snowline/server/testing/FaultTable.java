package io.snowline.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The table of what was done to servers and how many IDs were compared afterwards. Each row is printed when it is there;
 * the table is printed when the last test of the run is over, and kept in {@code target/faults.md}.
 *
 * <p>Safe for use by many threads.
 */
public final class FaultTable implements BeforeAllCallback {

    private static final Path FILE = Path.of("target", "faults.md");
    private static final String HEAD =
            "| fault | backend | IDs | duplicates | time | issues again within |%n" + "|---|---|---:|---:|---:|---:|%n";
    private static final List<Row> ROWS = new ArrayList<>();

    /**
     * One scenario.
     *
     * @param fault what was done
     * @param backend to servers on what
     * @param verdict what the comparison found
     * @param took for how long IDs were taken
     * @param recovery how long it took after the fault until each connection had IDs again; empty where that was not measured
     */
    public record Row(
            String fault, String backend, Harvest.Verdict verdict, Duration took, Optional<Duration> recovery) {

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
        ROWS.add(row);
        System.out.println(row);
        try {
            Files.writeString(FILE, table());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized String table() {
        StringBuilder text = new StringBuilder(HEAD.formatted());
        ROWS.forEach(row -> text.append(row).append(System.lineSeparator()));
        long ids = ROWS.stream().mapToLong(row -> row.verdict().ids()).sum();
        long duplicates =
                ROWS.stream().mapToLong(row -> row.verdict().duplicates()).sum();
        Duration took = ROWS.stream().map(Row::took).reduce(Duration.ZERO, Duration::plus);
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
        // What lies in the root's store is closed when the whole run is over.
        var unused = context.getRoot()
                .getStore(Namespace.create(FaultTable.class))
                .computeIfAbsent(AutoCloseable.class, key -> () -> System.out.print(table()), AutoCloseable.class);
    }
}
