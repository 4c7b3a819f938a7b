package io.snowline.audit;

import io.snowline.id.IdLayout;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sourceforge.argparse4j.inf.ArgumentContainer;
import net.sourceforge.argparse4j.inf.Namespace;

/** The arguments of an audit on a command line. Thread-safe. */
public final class AuditArguments {

    private static final Pattern BITS = Pattern.compile("(\\d{1,2})/(\\d{1,2})/(\\d{1,2})");
    private static final Pattern TICK = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private AuditArguments() {}

    /** Adds them to a parser. */
    public static void addTo(ArgumentContainer parser) {
        parser.addArgument("ids")
                .metavar("FILE")
                .nargs("+")
                .help("holds IDs, as text one on each line; - is the standard input");
        parser.addArgument("--format")
                .setDefault("decimal")
                .help("how the IDs are written: decimal, hex, base62, base32, or binary for 8 bytes each, the highest"
                        + " first");
        parser.addArgument("--layout")
                .metavar("T/N/S")
                .help("the bits of timestamp, node and sequence, from the highest, such as 41/10/12");
        parser.addArgument("--tick").help("the length of a tick, such as 1ms or 1s");
        parser.addArgument("--epoch")
                .help("when ticks are counted from: an instant such as 2010-11-04T01:42:54.657Z, or milliseconds"
                        + " since 1970");
        parser.addArgument("--at").help("the time to compare with, such as 2026-11-23T08:00:00Z; by default now");
        parser.addArgument("--temp")
                .setDefault(System.getProperty("java.io.tmpdir"))
                .help("a directory with room for 2 to 14 bytes for each ID");
    }

    /**
     * Makes the audit that they describe.
     *
     * @param layout the layout, as far as no option says otherwise
     * @throws IllegalArgumentException if an option cannot be read, or the layout is not possible
     */
    public static Audit audit(Namespace arguments, IdLayout layout) {
        return new Audit(
                layout(arguments, layout),
                IdEncoding.of(arguments.getString("format")),
                Path.of(arguments.getString("temp")),
                Audit.suitableRunSize(),
                value(arguments, "at").map(text -> instant("--at", text)));
    }

    /**
     * Returns the inputs that they name.
     *
     * @throws IllegalArgumentException if the standard input is named twice
     */
    public static List<Input> inputs(Namespace arguments) {
        List<String> names = arguments.getList("ids");
        if (Collections.frequency(names, "-") > 1) {
            throw new IllegalArgumentException(
                    "- must be given once, because the standard input can be read only once");
        }
        return names.stream()
                .map(name -> name.equals("-") ? Input.standard() : Input.file(name))
                .toList();
    }

    private static IdLayout layout(Namespace arguments, IdLayout layout) {
        String bits = value(arguments, "layout")
                .orElse("%s/%s/%s".formatted(layout.timestampBits(), layout.nodeBits(), layout.sequenceBits()));
        Matcher matcher = BITS.matcher(bits);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "--layout must be three numbers of bits such as 41/10/12, got '" + bits + "'");
        }
        Duration tick = value(arguments, "tick").map(AuditArguments::tick).orElse(layout.tick());
        Instant epoch = value(arguments, "epoch").map(AuditArguments::epoch).orElse(layout.epoch());
        try {
            return new IdLayout(bits(matcher, 1), bits(matcher, 2), bits(matcher, 3), tick, epoch);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--layout, --tick and --epoch do not fit: " + e.getMessage(), e);
        }
    }

    private static Optional<String> value(Namespace arguments, String name) {
        return Optional.ofNullable(arguments.getString(name));
    }

    private static int bits(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static Duration tick(String text) {
        Matcher matcher = TICK.matcher(text);
        ChronoUnit unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        if (unit != null) {
            return Duration.of(Long.parseLong(matcher.group(1)), unit);
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("--tick must be a duration such as 1ms or 1s, got '" + text + "'", e);
        }
    }

    private static Instant epoch(String text) {
        return text.matches("-?\\d{1,15}") ? Instant.ofEpochMilli(Long.parseLong(text)) : instant("--epoch", text);
    }

    private static Instant instant(String option, String text) {
        Instant instant;
        try {
            instant = Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    option + " must be an instant such as 2026-11-23T08:00:00Z, got '" + text + "'", e);
        }
        if (instant.isAfter(LATEST) || instant.isBefore(EARLIEST)) {
            throw new IllegalArgumentException(
                    option + " must be from " + EARLIEST + " to " + LATEST + ", got '" + text + "'");
        }
        return instant;
    }
}
