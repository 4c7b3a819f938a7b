package io.snowline.server.cli;

import io.snowline.id.IdLayout;
import io.snowline.server.config.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The options that describe the IDs of another system; each overrides the configuration. */
final class LayoutOptions {

    private static final Pattern BITS = Pattern.compile("(\\d{1,2})/(\\d{1,2})/(\\d{1,2})");

    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private LayoutOptions() {}

    static void addTo(Subparser subparser) {
        subparser
                .addArgument("--layout")
                .metavar("T/N/S")
                .help("the bits of timestamp, node and sequence, from the highest, such as 41/10/12");
        subparser.addArgument("--tick").help("the length of a tick, such as 1ms or 1s");
        subparser
                .addArgument("--epoch")
                .help("when ticks are counted from: an instant such as 2010-11-04T01:42:54.657Z, or milliseconds"
                        + " since 1970");
    }

    /**
     * Returns a layout with the options applied.
     *
     * @throws WrongUsageException if an option cannot be read, or the layout is not possible
     */
    static IdLayout apply(Namespace arguments, IdLayout configured) {
        String bits = value(arguments, "layout")
                .orElse("%d/%d/%d"
                        .formatted(configured.timestampBits(), configured.nodeBits(), configured.sequenceBits()));
        Matcher matcher = BITS.matcher(bits);
        if (!matcher.matches()) {
            throw new WrongUsageException(
                    "--layout must be three numbers of bits such as 41/10/12, got '" + bits + "'");
        }
        Duration tick = value(arguments, "tick").map(LayoutOptions::tick).orElse(configured.tick());
        Instant epoch = value(arguments, "epoch").map(LayoutOptions::epoch).orElse(configured.epoch());
        try {
            return new IdLayout(bits(matcher, 1), bits(matcher, 2), bits(matcher, 3), tick, epoch);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException("--layout, --tick and --epoch do not fit: " + e.getMessage());
        }
    }

    private static Optional<String> value(Namespace arguments, String name) {
        return Optional.ofNullable(arguments.getString(name));
    }

    private static int bits(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static Duration tick(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException("--tick " + e.getMessage());
        }
    }

    private static Instant epoch(String text) {
        if (text.matches("-?\\d{1,15}")) {
            return Instant.ofEpochMilli(Long.parseLong(text));
        }
        return instant("--epoch", text);
    }

    /**
     * Reads an instant.
     *
     * @throws WrongUsageException if the text is not one
     */
    static Instant instant(String option, String text) {
        try {
            Instant instant = Instant.parse(text);
            if (instant.isAfter(LATEST) || instant.isBefore(EARLIEST)) {
                throw new WrongUsageException(
                        option + " must be from " + EARLIEST + " to " + LATEST + ", got '" + text + "'");
            }
            return instant;
        } catch (DateTimeException e) {
            throw new WrongUsageException(
                    option + " must be an instant such as 2026-11-23T08:00:00Z, got '" + text + "'");
        }
    }
}
