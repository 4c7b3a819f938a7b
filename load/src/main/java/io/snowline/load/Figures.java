package io.snowline.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What was measured: one line for each goal, with medians, the spread over the rounds, and the ratio of the medians. */
final class Figures {

    private static final String LINE = "| %-52s | %-24s | %-24s | %-9s | %-12s | %-6s |%n";

    private final List<String> lines = new ArrayList<>();

    /** One case of one server: its figures of all rounds. */
    static final class Series {
        private final List<Double> values = new ArrayList<>();

        void add(double value) {
            values.add(value);
        }

        double median() {
            double[] sorted =
                    values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        @Override
        public String toString() {
            double[] sorted =
                    values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return "%s (%s to %s)".formatted(show(median()), show(sorted[0]), show(sorted[sorted.length - 1]));
        }
    }

    static String show(double value) {
        if (value >= 1_000_000) {
            return String.format(Locale.ROOT, "%.2f M", value / 1e6);
        }
        return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : value >= 20 ? "%.1f" : "%.3f", value);
    }

    /** Notes a ratio that must not be below a goal. */
    void atLeast(String what, Series ours, Series other, double goal) {
        double ratio = ours.median() / other.median();
        line(what, ours.toString(), other.toString(), ratio, ">= " + goal, ratio >= goal);
    }

    /** Notes a ratio that must not be above a goal. */
    void atMost(String what, Series ours, Series other, double goal) {
        double ratio = ours.median() / other.median();
        line(what, ours.toString(), other.toString(), ratio, "<= " + goal, ratio <= goal);
    }

    /** Notes a figure that by itself must not be above a goal. */
    void limit(String what, Series ours, double goal) {
        line(what, ours.toString(), "", ours.median(), "<= " + goal, ours.median() <= goal);
    }

    /** Notes a count that must be zero. */
    void none(String what, long count) {
        line(what, Long.toString(count), "", (double) count, "0", count == 0);
    }

    private void line(String what, String ours, String other, double ratio, String goal, boolean met) {
        String line = String.format(Locale.ROOT, LINE, what, ours, other, show(ratio), goal, met ? "met" : "missed");
        System.out.print(line);
        lines.add(line);
    }

    /** Prints all of it as a table. */
    void print() {
        System.out.printf(LINE, "measured: median (lowest to highest)", "Snowline", "next to it", "ratio", "goal", "");
        System.out.println(
                LINE.formatted(Arrays.stream(new Object[6]).map(unused -> "---").toArray())
                        .strip());
        lines.forEach(System.out::print);
    }
}
