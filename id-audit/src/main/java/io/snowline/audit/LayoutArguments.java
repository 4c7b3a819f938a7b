package io.snowline.audit;

import io.snowline.id.IdLayout;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sourceforge.argparse4j.inf.ArgumentContainer;
import net.sourceforge.argparse4j.inf.Namespace;

/** The options of a command line that describe a layout, also one of another system's IDs. Thread-safe. */
public final class LayoutArguments {

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

    private LayoutArguments() {}

    /** Adds them to a parser. */
    public static void addTo(ArgumentContainer parser) {
        parser.addArgument("--layout")
                .metavar("T/N/S")
                .help("the bits of timestamp, node and sequence, from the highest, such as 41/10/12");
        parser.addArgument("--tick").help("the length of a tick, such as 1ms or 1s");
        parser.addArgument("--epoch")
                .help("when ticks are counted from: an instant such as 2010-11-04T01:42:54.657Z, or milliseconds"
                        + " since 1970");
    }

    /**
     * Returns the layout that they describe.
     *
     * @param layout the layout, as far as no option says otherwise
     * @throws IllegalArgumentException if an option cannot be read, or the layout is not possible
     */
    public static IdLayout layout(Namespace arguments, IdLayout layout) {
        String bits = value(arguments, "layout")
                .orElse("%s/%s/%s".formatted(layout.timestampBits(), layout.nodeBits(), layout.sequenceBits()));
        Matcher matcher = BITS.matcher(bits);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "--layout must be three numbers of bits such as 41/10/12, got '" + bits + "'");
        }
        Duration tick = value(arguments, "tick").map(LayoutArguments::tick).orElse(layout.tick());
        Instant epoch = value(arguments, "epoch").map(LayoutArguments::epoch).orElse(layout.epoch());
        try {
            return new IdLayout(bits(matcher, 1), bits(matcher, 2), bits(matcher, 3), tick, epoch);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--layout, --tick and --epoch do not fit: " + e.getMessage(), e);
        }
    }

    static Optional<String> value(Namespace arguments, String name) {
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

    static Instant instant(String option, String text) {
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
