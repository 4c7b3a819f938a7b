package io.snowline.jmh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs everything and prints one table of ratios. */
public final class Suite {

    /** How long the suite may take: minutes, or about an hour. */
    private enum Form {
        SHORT(1, 2, 3, Duration.ofMillis(400), Duration.ofSeconds(10), Duration.ofSeconds(4)),
        LONG(3, 3, 5, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(15));

        final int forks;
        final int warmups;
        final int iterations;
        final Duration iteration;
        final Duration saturation;
        final Duration afterTheStep;

        Form(int forks, int warmups, int iterations, Duration iteration, Duration saturation, Duration afterTheStep) {
            this.forks = forks;
            this.warmups = warmups;
            this.iterations = iterations;
            this.iteration = iteration;
            this.saturation = saturation;
            this.afterTheStep = afterTheStep;
        }
    }

    /** One benchmark's result: the median of its iterations, and the lowest and highest. */
    private record Cell(String name, double median, double low, double high, double bytes) {}

    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private final Form form;
    private final List<String> lines = new ArrayList<>();

    private Suite(Form form) {
        this.form = form;
    }

    /**
     * Runs the suite.
     *
     * @param args {@code short} or {@code long}, and optionally the parts to run: single, batch, client, latency,
     *     saturation, clock
     */
    public static void main(String[] args) throws RunnerException, InterruptedException, ExecutionException {
        Form form = Form.valueOf(args.length == 0 ? "SHORT" : args[0].toUpperCase(Locale.ROOT));
        List<String> parts = args.length < 2 || args[1].equals("all")
                ? List.of("single", "batch", "client", "latency", "saturation", "clock")
                : List.of(args).subList(1, args.length);
        Suite suite = new Suite(form);
        for (String part : parts) {
            suite.run(part);
        }
        suite.print();
    }

    private void run(String part) throws RunnerException, InterruptedException, ExecutionException {
        switch (part) {
            case "single" -> single();
            case "batch" -> batch();
            case "client" -> client();
            case "latency" -> latency();
            case "saturation" -> saturation();
            case "clock" -> clock();
            default -> throw new IllegalArgumentException("no part is called '" + part + "'");
        }
    }

    private void print() {
        System.out.printf(
                "%n%s %s, %s, %d processors, %s form%n",
                System.getProperty("java.vm.name"),
                System.getProperty("java.runtime.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                form);
        System.out.println(
                "| measured | million IDs/s (lowest to highest) | of the limit | of the best rival | bytes per ID |");
        System.out.println("|---|---|---|---|---|");
        lines.forEach(System.out::println);
    }

    // ---- throughput ----

    private void single() throws RunnerException {
        for (int threads : new int[] {1, 2, 8}) {
            Map<String, Cell> cells = throughput(SingleBenchmark.class, ".*", threads);
            Cell rival = bestRival(cells);
            row("AtomicLong", threads, cells.get("limitAtomicLong"), cells.get("limitAtomicLong"), rival);
            row("nextId", threads, cells.get("snowline"), cells.get("limitAtomicLong"), rival);
            rivals(threads, cells, cells.get("limitAtomicLong"), rival);
        }
    }

    private void batch() throws RunnerException {
        for (int threads : new int[] {1, 2}) {
            Map<String, Cell> cells = throughput(BatchBenchmark.class, ".*", threads);
            Cell limit = cells.get("limitGetAndAddAndFill");
            Cell rival = bestRival(cells);
            row("getAndAdd and fill, 1000", threads, limit, limit, rival);
            row("nextIds of 1000", threads, cells.get("snowline"), limit, rival);
            rivals(threads, cells, limit, rival);
        }
    }

    private void client() throws RunnerException {
        for (int threads : new int[] {1, 2, 8}) {
            Map<String, Cell> cells =
                    throughput(ClientBenchmark.class, "(limitAtomicLong|client|tinyIdSegments)", threads);
            Cell limit = cells.get("limitAtomicLong");
            Cell rival = cells.get("tinyIdSegments");
            row("AtomicLong", threads, limit, limit, rival);
            row("nextId of a client", threads, cells.get("client"), limit, rival);
            row("TinyID's way, segments of 100,000", threads, rival, limit, rival);
        }
        Map<String, Cell> cells =
                throughput(ClientBenchmark.class, "(limitGetAndAddAndFill|clientBatch|client|requestPerId)", 1);
        Cell rival = cells.get("requestPerId");
        row(
                "getAndAdd and fill, 1000",
                1,
                cells.get("limitGetAndAddAndFill"),
                cells.get("limitGetAndAddAndFill"),
                rival);
        row("nextIds of 1000 of a client", 1, cells.get("clientBatch"), cells.get("limitGetAndAddAndFill"), rival);
        row("nextId of a client", 1, cells.get("client"), cells.get("limitGetAndAddAndFill"), rival);
        row("a request for each ID", 1, rival, cells.get("limitGetAndAddAndFill"), rival);
    }

    private static Cell bestRival(Map<String, Cell> cells) {
        return cells.values().stream()
                .filter(Suite::isRival)
                .max((a, b) -> Double.compare(a.median, b.median))
                .orElseThrow();
    }

    private static boolean isRival(Cell cell) {
        return !cell.name.startsWith("limit") && !cell.name.startsWith("snowline");
    }

    private void rivals(int threads, Map<String, Cell> cells, Cell limit, Cell best) {
        cells.values().stream().filter(Suite::isRival).forEach(cell -> row(cell.name, threads, cell, limit, best));
    }

    private void row(String what, int threads, Cell cell, Cell limit, Cell rival) {
        lines.add("| %s, %d thread%s | %.1f (%.1f to %.1f) | %.2f | %.2f (%s) | %.3f |"
                .formatted(
                        what,
                        threads,
                        threads == 1 ? "" : "s",
                        cell.median,
                        cell.low,
                        cell.high,
                        cell.median / limit.median,
                        cell.median / rival.median,
                        rival.name,
                        cell.bytes));
    }

    private Map<String, Cell> throughput(Class<?> benchmarks, String names, int threads) throws RunnerException {
        Map<String, Cell> cells = new TreeMap<>();
        for (RunResult result : run(benchmarks, names, threads, Mode.Throughput)) {
            Cell cell = cell(result);
            cells.put(cell.name, cell);
        }
        return cells;
    }

    private static Cell cell(RunResult result) {
        Statistics scores = result.getPrimaryResult().getStatistics();
        double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
        return new Cell(name(result), scores.getPercentile(50), scores.getMin(), scores.getMax(), bytes);
    }

    private static String name(RunResult result) {
        String name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private Collection<RunResult> run(Class<?> benchmarks, String names, int threads, Mode mode)
            throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmarks.getName().replace(".", "\\.") + "\\." + names)
                .mode(mode)
                .threads(threads)
                .forks(form.forks)
                .warmupIterations(form.warmups)
                .warmupTime(TimeValue.milliseconds(form.iteration.toMillis()))
                .measurementIterations(form.iterations)
                .measurementTime(TimeValue.milliseconds(form.iteration.toMillis()))
                .jvmArgsAppend("-Xms512m", "-Xmx512m")
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
        return new Runner(options.build()).run();
    }

    // ---- single calls ----

    private void latency() throws RunnerException {
        for (RunResult result :
                run(SingleBenchmark.class, "(limitAtomicLong|snowline|cosId.*|seata)", 2, Mode.SampleTime)) {
            Statistics micros = result.getPrimaryResult().getStatistics();
            lines.add("| one call of %s, 2 threads: p50 %.0f ns, p99 %.0f ns, p99.99 %.0f ns | | | | |"
                    .formatted(
                            name(result),
                            1e3 * micros.getPercentile(50),
                            1e3 * micros.getPercentile(99),
                            1e3 * micros.getPercentile(99.99)));
        }
    }

    // ---- saturation, clock ----

    private void saturation() throws InterruptedException, ExecutionException {
        Saturation.run(1, 2, 1, WARM_UP); // so that the code of the first row is already compiled
        saturation(1, 1, 1);
        saturation(1, 2, 1);
        saturation(1, 8, 1);
        saturation(1, 1, 100);
        saturation(2, 2, 1);
        saturation(4, 4, 100);
    }

    private void saturation(int lanes, int callers, int batch) throws InterruptedException, ExecutionException {
        Saturation result = Saturation.run(lanes, callers, batch, form.saturation);
        lines.add(
                "| classic, maxLead 0, %d lane(s), %d caller(s) for %d at once, %d s: p99.99 %.3f ms, longest %.1f ms, %.3f cores a caller | %.4f | %.4f | | |"
                        .formatted(
                                lanes,
                                callers,
                                batch,
                                form.saturation.toSeconds(),
                                result.latencies().quantile(0.9999) / 1e6,
                                result.latencies().longest() / 1e6,
                                result.coresPerCaller(),
                                result.millionsPerSecond(),
                                result.shareOfTheLayout()));
    }

    private void clock() {
        for (int seconds : new int[] {2, 10}) {
            ClockSetBack result = ClockSetBack.run(Duration.ofSeconds(seconds), form.afterTheStep);
            lines.add(
                    "| clock back %d s at full speed: %d exceptions, %d out of order, longest call %.1f ms | %.1f | | | |"
                            .formatted(
                                    seconds,
                                    result.exceptions(),
                                    result.outOfOrder(),
                                    result.latencies().longest() / 1e6,
                                    result.millionsPerSecond()));
        }
    }
}
