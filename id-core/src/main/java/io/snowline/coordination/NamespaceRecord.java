package io.snowline.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The stored record of a namespace: the settings that its first process fixed for all, and the floor.
 *
 * <p>The text form has format 2, which begins with {@code version=2}. A record of format 1 has neither the version nor
 * {@code usableFrom}; it is read, and written back, unchanged.
 *
 * <p>Immutable and thread-safe.
 *
 * @param token 128 random bits in hex, fresh for every change of this record
 * @param layout how the bits are divided and the length of a tick, in the layout's canonical form
 * @param epoch the instant of tick 0
 * @param mode how IDs of this namespace are issued
 * @param ahead how far beyond the present any window of the namespace may reach; whole milliseconds
 * @param incarnation counts, from 1, how many times the backend may have lost something
 * @param identity the backend's identity when the floor was set; empty for a backend that has none
 * @param floor the position below which no new window may start
 * @param usableFrom when windows above the floor could first be reserved: {@code ahead} before the floor if it was
 *     raised, the floor's own instant if the namespace was new; whole milliseconds. Empty in a record of format 1
 */
public record NamespaceRecord(
        String token,
        String layout,
        Instant epoch,
        IssuingMode mode,
        Duration ahead,
        long incarnation,
        String identity,
        long floor,
        Optional<Instant> usableFrom) {

    /** The format that this version writes, and the newest that it reads. */
    public static final int FORMAT = 2;

    private static final Pattern VERSION = Pattern.compile("version=([0-9]{1,9}) .*");
    private static final int FIELDS_OF_FORMAT_1 = 8;

    /**
     * @throws IllegalArgumentException if a value is outside its range, or contains characters that a record cannot
     *     hold
     */
    public NamespaceRecord {
        RecordText.requireWord("token", token);
        RecordText.requireWord("layout", layout);
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(mode, "mode");
        if (ahead.isNegative() || ahead.isZero()) {
            throw new IllegalArgumentException("ahead must be positive, got " + ahead);
        }
        if (incarnation < 1) {
            throw new IllegalArgumentException("incarnation must be at least 1, got " + incarnation);
        }
        if (!identity.isEmpty()) {
            RecordText.requireWord("identity", identity);
        }
        if (floor < 0) {
            throw new IllegalArgumentException("floor must not be negative, got " + floor);
        }
    }

    /** Returns this record as one line of text for storage; {@link #parse} reads it. */
    public String encode() {
        RecordText.Writer text = new RecordText.Writer();
        if (usableFrom.isPresent()) {
            text.with("version", FORMAT);
        }
        text.with("token", token)
                .with("layout", layout)
                .with("epoch", epoch)
                .with("mode", mode.text())
                .with("ahead", ahead)
                .with("incarnation", incarnation)
                .with("identity", identity)
                .with("floor", floor);
        usableFrom.ifPresent(instant -> text.with("usableFrom", instant));
        return text.toString();
    }

    /**
     * Reads a record that {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if the text is anything else; for a newer format, the message names both
     *     versions
     */
    public static NamespaceRecord parse(String text) {
        boolean versioned = text.startsWith("version=");
        if (versioned) {
            requireKnown(text);
        }
        RecordText.Reader fields = RecordText.read(text, versioned ? FIELDS_OF_FORMAT_1 + 2 : FIELDS_OF_FORMAT_1);
        NamespaceRecord record = new NamespaceRecord(
                fields.text("token"),
                fields.text("layout"),
                fields.value("epoch", Instant::parse),
                fields.value("mode", IssuingMode::of),
                fields.value("ahead", Duration::parse),
                fields.number("incarnation"),
                fields.text("identity"),
                fields.number("floor"),
                versioned ? Optional.of(fields.value("usableFrom", Instant::parse)) : Optional.empty());
        return RecordText.requireWrittenAs(record.encode(), text, record);
    }

    private static void requireKnown(String text) {
        Matcher version = VERSION.matcher(text);
        if (version.matches() && Integer.parseInt(version.group(1)) > FORMAT) {
            throw new IllegalArgumentException(
                    "it is a record of format version %s, and this process reads up to version %s; run the newer release everywhere"
                            .formatted(version.group(1), FORMAT));
        }
        if (!version.matches() || Integer.parseInt(version.group(1)) != FORMAT) {
            throw RecordText.unreadable(text);
        }
    }
}
