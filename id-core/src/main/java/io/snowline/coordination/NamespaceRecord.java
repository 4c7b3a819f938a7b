package io.snowline.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * What a coordinator keeps about a namespace: what its first process fixed for everybody, and the floor.
 *
 * <p>Immutable; threads may share it.
 *
 * @param token 128 random bits in hex, fresh for every change of this record
 * @param layout how the bits are divided and how long a tick is, in the layout's canonical form
 * @param epoch the instant of tick 0
 * @param mode how IDs of this namespace are issued
 * @param ahead the longest that any window of the namespace may reach beyond the present; whole milliseconds
 * @param incarnation how often the backend may have lost something, counted from 1
 * @param identity the backend's identity when the floor was set; empty for a backend that has none
 * @param floor the position below which no new window may start
 */
public record NamespaceRecord(
        String token,
        String layout,
        Instant epoch,
        IssuingMode mode,
        Duration ahead,
        long incarnation,
        String identity,
        long floor) {

    /**
     * @throws IllegalArgumentException if a value is outside its range, or has characters that a record cannot hold
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

    /** Returns this record as one line of text, to be stored; {@link #parse} reads it. */
    public String encode() {
        return RecordText.write("token", token)
                .with("layout", layout)
                .with("epoch", epoch)
                .with("mode", mode.text())
                .with("ahead", ahead)
                .with("incarnation", incarnation)
                .with("identity", identity)
                .with("floor", floor)
                .toString();
    }

    /**
     * Reads a record that {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static NamespaceRecord parse(String text) {
        RecordText.Reader fields = RecordText.read(text, 8);
        return new NamespaceRecord(
                fields.text("token"),
                fields.text("layout"),
                fields.value("epoch", Instant::parse),
                fields.value("mode", IssuingMode::of),
                fields.value("ahead", Duration::parse),
                fields.number("incarnation"),
                fields.text("identity"),
                fields.number("floor"));
    }
}
