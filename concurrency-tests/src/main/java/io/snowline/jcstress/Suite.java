package io.snowline.jcstress;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.TestExecutor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.os.AffinityMode;
import org.openjdk.jcstress.os.Scheduler;
import org.openjdk.jcstress.os.SchedulingClass;
import org.openjdk.jcstress.os.topology.PresetRegularTopology;
import org.openjdk.jcstress.os.topology.Topology;
import org.openjdk.jcstress.vm.CompileMode;

/**
 * Runs every case on the real code, then each planted bug in the case that must detect it, and prints a table of both.
 * Fails if a case shows a forbidden outcome, breaks or does not run, and if a planted bug is not detected.
 *
 * <p>jcstress' own command leaves out, without failing, every case that has more actors than the machine has
 * processors, and writes its results into the working directory. So its executor is called directly here.
 */
public final class Suite {

    private static final Path PLANTED = Path.of("target", "jcstress", "planted");
    private static final List<String> SMALL =
            List.of("-Xms192m", "-Xmx192m", "-XX:+UseParallelGC", "-XX:-RestrictContended");

    /** How long the suite may take: about a minute, or about half an hour. */
    private enum Form {
        SHORT(3, 200, 8, 40, List.of(List.of())),
        LONG(
                20,
                1_000,
                40,
                8,
                List.of(
                        List.of(),
                        List.of("-Xint"),
                        List.of("-XX:TieredStopAtLevel=1"),
                        List.of(
                                "-XX:-TieredCompilation",
                                "-XX:+UnlockDiagnosticVMOptions",
                                "-XX:+StressLCM",
                                "-XX:+StressGCM")));

        final int iterations;
        final int millis;

        /** Before the iterations a JVM runs ever more states, up to 256 times this number, to see how many it can hold. */
        final int strides;

        final int tries;

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        final List<List<String>> jvms;

        Form(int iterations, int millis, int strides, int tries, List<List<String>> jvms) {
            this.iterations = iterations;
            this.millis = millis;
            this.strides = strides;
            this.tries = tries;
            this.jvms = jvms;
        }
    }

    private final Form form;
    private final Options options;
    private final List<String> broken = new ArrayList<>();

    private Suite(Form form) throws IOException {
        this.form = form;
        this.options = new Options(new String[] {
            "-iters",
            String.valueOf(form.iterations),
            "-time",
            String.valueOf(form.millis),
            "-strideCount",
            String.valueOf(form.strides),
            "-spinStyle",
            "THREAD_YIELD"
        });
        if (!options.parse()) {
            throw new IllegalStateException("jcstress does not know its own options");
        }
    }

    /**
     * Runs the suite.
     *
     * @param args {@code short} or {@code long}
     */
    public static void main(String[] args) throws Exception {
        long begun = System.nanoTime();
        Suite suite = new Suite(Form.valueOf(args.length == 0 ? "SHORT" : args[0].toUpperCase(Locale.ROOT)));
        suite.runCases();
        suite.runPlanted();
        System.out.printf(
                "%n%s, %d processors, %s form, %d s%n",
                System.getProperty("java.runtime.version"),
                Runtime.getRuntime().availableProcessors(),
                suite.form,
                Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        suite.broken.forEach(what -> System.out.println("Failed: " + what));
        System.exit(suite.broken.isEmpty() ? 0 : 1);
    }

    // ---- the real code ----

    private void runCases() throws Exception {
        List<TestConfig> configs = new ArrayList<>();
        for (String name : TestList.tests()) {
            for (List<String> jvm : form.jvms) {
                configs.add(config(name, jvm, List.of()));
            }
        }
        Map<String, List<TestResult>> results = new TreeMap<>();
        for (TestResult result : execute(configs)) {
            results.computeIfAbsent(result.getName(), name -> new ArrayList<>()).add(result);
        }
        System.out.printf("%n%-22s | %12s | %9s | %s%n", "case", "runs", "met", "what was seen");
        for (String name : TestList.tests().stream().sorted().toList()) {
            row(name, results.getOrDefault(name, List.of()));
        }
        if (TestList.tests().isEmpty()) {
            broken.add("there was no case to run");
        }
    }

    private void row(String name, List<TestResult> results) {
        long runs = results.stream().mapToLong(TestResult::getTotalCount).sum();
        long met =
                results.stream().mapToLong(result -> result.getCount(Case.MET)).sum();
        String seen = results.stream()
                .map(Suite::fault)
                .filter(fault -> !fault.isEmpty())
                .findFirst()
                .orElse("");
        System.out.printf(
                "%-22s | %,12d | %,9d | %s%n", simple(name), runs, met, seen.isEmpty() ? "as it must be" : seen);
        if (!seen.isEmpty()) {
            broken.add(simple(name) + ": " + seen);
        } else if (runs == 0 || results.size() < form.jvms.size()) {
            broken.add(simple(name) + " did not run");
        }
    }

    // ---- planted bugs ----

    private void runPlanted() throws Exception {
        Map<Planted, String> seen = new LinkedHashMap<>();
        for (int attempt = 0; attempt < form.tries && seen.size() < Planted.ALL.size(); attempt++) {
            seen.putAll(runPlantedOnce(seen));
        }
        System.out.printf("%n%-56s | %-21s | %s%n", "planted bug", "case", "what was seen");
        for (Planted bug : Planted.ALL) {
            System.out.printf(
                    "%-56s | %-21s | %s%n",
                    bug.name(), bug.seenBy().getSimpleName(), seen.getOrDefault(bug, "NOTHING"));
            if (!seen.containsKey(bug)) {
                broken.add("planted and not seen: " + bug.name());
            }
        }
    }

    private Map<Planted, String> runPlantedOnce(Map<Planted, String> seenBefore) throws Exception {
        Map<List<String>, Planted> byJvm = new LinkedHashMap<>();
        List<TestConfig> configs = new ArrayList<>();
        for (Planted bug : Planted.ALL) {
            if (!seenBefore.containsKey(bug)) {
                String changed = bug.compileBelow(PLANTED) + File.pathSeparator + System.getProperty("java.class.path");
                TestConfig config = config(bug.seenBy().getName(), List.of(), List.of("-cp", changed));
                byJvm.put(config.jvmArgs, bug);
                configs.add(config);
            }
        }
        Map<Planted, String> seen = new LinkedHashMap<>();
        for (TestResult result : execute(configs)) {
            String fault = forbidden(result);
            if (!fault.isEmpty()) {
                seen.put(byJvm.get(result.getConfig().jvmArgs), fault);
            }
        }
        return seen;
    }

    // ---- jcstress ----

    private TestConfig config(String name, List<String> jvm, List<String> classPath) throws Exception {
        List<String> arguments = new ArrayList<>(SMALL);
        arguments.addAll(jvm);
        arguments.addAll(classPath);
        TestInfo info = TestList.getInfo(name);
        return new TestConfig(options, info, 0, arguments, CompileMode.UNIFIED, anywhere(info.threads()));
    }

    private static SchedulingClass anywhere(int actors) throws Exception {
        return scheduler().scheduleClasses(actors, actors, AffinityMode.NONE).get(0);
    }

    /** Runs one JVM at a time, and lets actors share processors when there are too few. */
    private static Scheduler scheduler() throws Exception {
        int most = 3;
        Topology topology = new PresetRegularTopology(1, most, 1);
        return new Scheduler(topology, most);
    }

    private Collection<TestResult> execute(List<TestConfig> configs) throws Exception {
        InProcessCollector results = new InProcessCollector();
        new TestExecutor(options.verbosity(), results, scheduler()).runAll(configs);
        return results.getTestResults();
    }

    private static String fault(TestResult result) {
        return result.status() == Status.NORMAL
                ? forbidden(result)
                : result.status() + " " + result.getMessages() + result.getVmErr();
    }

    private static String forbidden(TestResult result) {
        return result.status() != Status.NORMAL
                ? ""
                : result.grading().gradingResults.values().stream()
                        .filter(grade -> grade.count > 0 && grade.expect != Expect.ACCEPTABLE)
                        .max(Comparator.comparingLong((GradingResult grade) -> grade.count))
                        .map(grade -> "%s, %,d times in %,d".formatted(grade.id, grade.count, result.getTotalCount()))
                        .orElse("");
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
