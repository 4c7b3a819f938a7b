package io.snowline.audit;

import io.snowline.id.DecodedId;
import io.snowline.id.IdLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** An audit's report as text. Not thread-safe. */
final class AuditText {

    private static final int MOST_NODES = 1024;
    private static final int MOST_EXPLANATIONS = 20;
    private static final int WIDEST_NAME = 60;

    private final StringBuilder text = new StringBuilder();
    private final AuditReport report;
    private final IdLayout layout;

    AuditText(AuditReport report) {
        this.report = report;
        layout = report.audit().layout();
        line(
                "%s, %s in %s, layout %s, epoch %s",
                number(report.count(), "ID"),
                report.audit().encoding(),
                number(report.inputs().size(), "input"),
                layout.descriptor(),
                layout.epoch());
        inputs();
        nodes();
        lead();
        duplicates();
        explanations();
    }

    // ---- tables ----

    private void inputs() {
        int width = Math.min(
                WIDEST_NAME,
                report.inputs().stream()
                        .mapToInt(input -> input.name().length())
                        .max()
                        .orElse(0));
        String row = "%-" + Math.max(width, 5) + "s  %12s  %-24s  %-24s  %10s  %s";
        line("");
        line(row, "INPUT", "IDS", "OLDEST", "NEWEST", "STEPS BACK", "LARGEST");
        for (int i = 0; i < report.inputs().size(); i++) {
            InputTally input = report.inputs().get(i);
            OrderTally order = input.order();
            line(
                    row,
                    input.name(),
                    order.count(),
                    instant(order.count(), order.least()),
                    instant(order.count(), order.greatest()),
                    order.stepsBack(),
                    order.stepsBack() == 0
                            ? "-"
                            : step(order.largestStep()) + " at "
                                    + report.audit().encoding().place(order.largestStepIndex()));
        }
    }

    private void nodes() {
        List<NodeTally> nodes = NodeTally.of(report.inputs());
        String row = "%5s  %12s  %-24s  %-24s  %14s  %10s  %s";
        line("");
        line(row, "NODE", "IDS", "OLDEST", "NEWEST", "AHEAD", "STEPS BACK", "LARGEST");
        for (NodeTally node : nodes.subList(0, Math.min(MOST_NODES, nodes.size()))) {
            IdPosition place = node.largestStepPlace();
            line(
                    row,
                    node.node(),
                    node.count(),
                    instant(node.count(), node.least()),
                    instant(node.count(), node.greatest()),
                    ahead(node.greatest()),
                    node.stepsBack(),
                    place == null ? "-" : step(node.largestStep()) + " at " + place(place));
        }
        if (nodes.size() > MOST_NODES) {
            line("and %s", number(nodes.size() - MOST_NODES, "more node id"));
        }
        long without =
                report.inputs().stream().mapToLong(InputTally::withoutNode).sum();
        if (without > 0) {
            line("and %s of more node ids than are told apart", number(without, "ID"));
        }
    }

    private String instant(long count, long id) {
        return count == 0 ? "-" : layout.decode(id).timestamp().toString();
    }

    private String step(long ticks) {
        return duration(layout.tick().multipliedBy(ticks));
    }

    private String ahead(long id) {
        Duration lead = ClockLead.of(id, layout, report.at());
        return lead.isNegative() || lead.isZero() ? "-" : duration(lead);
    }

    // ---- sentences ----

    private void lead() {
        long ahead = report.found().ahead();
        Instant at = report.at();
        line("");
        if (ahead == 0) {
            line("no ID is ahead of %s", at);
        } else {
            line(
                    "%s ahead of %s, by up to %s",
                    number(ahead, "ID"),
                    at,
                    ahead(report.inputs().stream()
                            .mapToLong(input -> input.order().greatest())
                            .max()
                            .orElseThrow()));
        }
    }

    private void duplicates() {
        DuplicateFinder found = report.found();
        if (found.distinct() == 0) {
            line("no ID occurs more than once");
            return;
        }
        line(
                "%s more than once, with %s too many",
                found.distinct() == 1 ? "1 ID occurs" : found.distinct() + " IDs occur",
                number(found.surplus(), "occurrence"));
        for (Duplicate duplicate : found.shown()) {
            duplicate(duplicate);
        }
        if (found.distinct() > found.shown().size()) {
            line("  and %s", number(found.distinct() - found.shown().size(), "more such ID"));
        }
    }

    private void duplicate(Duplicate duplicate) {
        DecodedId decoded = layout.decode(duplicate.id());
        String more = duplicate.occurrences() == 2 ? "" : " and " + (duplicate.occurrences() - 2) + " more";
        line(
                "  %s  %s node %s sequence %s: %s and %s%s",
                report.audit().encoding().write(duplicate.id()),
                decoded.timestamp(),
                decoded.node(),
                decoded.sequence(),
                place(duplicate.first()),
                place(duplicate.second()),
                more);
    }

    private void explanations() {
        List<LikelyCause> all = report.explanations();
        if (all.isEmpty()) {
            return;
        }
        line("");
        line("likely causes, by the number of occurrences:");
        for (LikelyCause explanation : all.subList(0, Math.min(MOST_EXPLANATIONS, all.size()))) {
            line("  %s: %s", explanation.pairs(), sentence(explanation));
            Duplicate example = explanation.example();
            line(
                    "      such as %s: %s and %s",
                    report.audit().encoding().write(example.id()), place(example.first()), place(example.second()));
        }
        long rest = all.stream()
                        .skip(MOST_EXPLANATIONS)
                        .mapToLong(LikelyCause::pairs)
                        .sum()
                + report.found().unexplained();
        if (rest > 0) {
            line("  %s: of other node ids or inputs", rest);
        }
    }

    private String sentence(LikelyCause explanation) {
        DuplicateOrigin suspects = explanation.suspects();
        String earlier = report.inputs().get(suspects.earlier()).name();
        String later = report.inputs().get(suspects.later()).name();
        return switch (explanation.cause()) {
            case SAME_INPUT ->
                "%s and %s hold the same IDs (node %s): read twice, or a copy"
                        .formatted(earlier, later, suspects.node());
            case OTHER_LAYOUT ->
                ("other layout or epoch: the times in %s cannot be right (node %s); they are far"
                                + " ahead, or jump by days. IDs of another system may be among them")
                        .formatted(suspects.sameInput() ? earlier : earlier + " or " + later, suspects.node());
            case CLOCK_SET_BACK -> clock(suspects, earlier);
            case TWO_OWNERS -> owners(suspects, earlier, later);
        };
    }

    private String clock(DuplicateOrigin suspects, String name) {
        OrderTally order =
                report.inputs().get(suspects.earlier()).node(suspects.node()).orElseThrow();
        return ("clock set back: node %s of %s steps back by %s at %s, and these IDs come before and after that"
                        + " (or the same lines are there twice)")
                .formatted(
                        suspects.node(),
                        name,
                        step(order.largestStep()),
                        report.audit().encoding().place(order.largestStepIndex()));
    }

    private static String owners(DuplicateOrigin suspects, String earlier, String later) {
        return suspects.sameInput()
                ? "two owners of node %s at a time, both in %s".formatted(suspects.node(), earlier)
                : "two owners of node %s at a time, in %s and %s; or one that restarted with its clock set back"
                        .formatted(suspects.node(), earlier, later);
    }

    // ---- words ----

    private String place(IdPosition place) {
        return report.inputs().get(place.input()).name() + " "
                + report.audit().encoding().place(place.index());
    }

    private static String duration(Duration duration) {
        return duration.toDays() < 1
                ? String.format(Locale.ROOT, "%d.%03d s", duration.toSeconds(), duration.toMillisPart())
                : number(duration.toDays(), "day");
    }

    private static String number(long count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append(System.lineSeparator());
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
