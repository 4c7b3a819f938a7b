package io.snowline.time;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * The scale on which a namespace counts time: its epoch, the length of a tick, and how many bits the tick and the
 * sequence have. Translates between instants and positions, where
 *
 * <pre>{@code position = tick << sequenceBits | sequence}</pre>
 *
 * <p>Positions run from 0 to {@link #endPosition()}, exclusive. An instant before the epoch has no position.
 *
 * <p>Immutable and thread-safe.
 *
 * @param epoch the instant at which tick 0 begins; whole milliseconds
 * @param tick the length of one tick: whole milliseconds, from 1 ms to 1 h
 * @param timestampBits the number of bits of a tick, 1 to 61
 * @param sequenceBits the number of bits of the sequence, 1 to 61; together at most 62
 */
public record TickScale(Instant epoch, Duration tick, int timestampBits, int sequenceBits) {

    private static final Duration SHORTEST_TICK = Duration.ofMillis(1);
    private static final Duration LONGEST_TICK = Duration.ofHours(1);

    /**
     * @throws IllegalArgumentException if a number is outside its range
     */
    public TickScale {
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(tick, "tick");
        requireWholeMillis("epoch", epoch, epoch.truncatedTo(ChronoUnit.MILLIS));
        if (tick.compareTo(SHORTEST_TICK) < 0 || tick.compareTo(LONGEST_TICK) > 0) {
            throw new IllegalArgumentException("tick must be from 1 ms to 1 h, got " + tick);
        }
        requireWholeMillis("tick", tick, tick.truncatedTo(ChronoUnit.MILLIS));
        if (timestampBits < 1 || sequenceBits < 1 || timestampBits + sequenceBits > 62) {
            throw new IllegalArgumentException(
                    "timestampBits and sequenceBits must be at least 1 each and at most 62 together, got %s + %s"
                            .formatted(timestampBits, sequenceBits));
        }
    }

    private static void requireWholeMillis(String name, Object value, Object wholeMillis) {
        if (!value.equals(wholeMillis)) {
            throw new IllegalArgumentException(name + " must be a whole number of milliseconds, got " + value);
        }
    }

    /** Returns the epoch in milliseconds since 1970. */
    public long epochMillis() {
        return epoch.toEpochMilli();
    }

    /** Returns the length of a tick in milliseconds. */
    public long tickMillis() {
        return tick.toMillis();
    }

    /** Returns the highest tick that fits the layout. */
    public long lastTick() {
        return (1L << timestampBits) - 1;
    }

    /** Returns the first position that no longer fits the layout: the end of this namespace's time. */
    public long endPosition() {
        return 1L << (timestampBits + sequenceBits);
    }

    /**
     * Returns the tick that contains an instant: negative before the epoch, and beyond {@link #lastTick()} after the
     * end.
     *
     * @param unixMillis milliseconds since 1970
     */
    public long tickAt(long unixMillis) {
        return Math.floorDiv(unixMillis - epochMillis(), tickMillis());
    }

    /**
     * Returns the first position of the tick that contains an instant, clamped to the range from 0 to
     * {@link #endPosition()}.
     *
     * @param unixMillis milliseconds since 1970
     */
    public long positionAt(long unixMillis) {
        long tick = tickAt(unixMillis);
        if (tick <= 0) {
            return 0;
        }
        return tick > lastTick() ? endPosition() : tick << sequenceBits;
    }

    /** Returns the tick of a position. */
    public long tickOf(long position) {
        return position >> sequenceBits;
    }

    /** Returns the first position of the tick after a position's own. */
    public long nextTick(long position) {
        return (tickOf(position) + 1) << sequenceBits;
    }

    /**
     * Returns a position in the tick that begins at the given one, at a sequence that looks random but depends on the
     * tick alone (the finalizer of SplitMix64). When few IDs are issued, the first ID of each tick is put there, so
     * that they are not all even. The skipped positions are not lost as long as the next tick may already be used: when
     * the tick is full, the sequence carries into it. Where the next tick may not be used yet, a tick must begin at its
     * start.
     *
     * @param tickStart the first position of a tick
     */
    public long scattered(long tickStart) {
        long mixed = tickOf(tickStart) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return tickStart + ((mixed ^ (mixed >>> 31)) & ((1L << sequenceBits) - 1));
    }

    /** Returns the instant at which a position's tick begins, in milliseconds since 1970. */
    public long millisAt(long position) {
        return epochMillis() + tickOf(position) * tickMillis();
    }

    /**
     * Returns the time at which new windows of a namespace start.
     *
     * @param floor the position below which no window may start
     * @param usableFrom when windows above the floor could first be reserved; empty: {@code ahead} before the floor
     * @param ahead how far beyond the present a window of the namespace may reach
     */
    public NamespaceTime namespaceTime(long floor, Optional<Instant> usableFrom, Duration ahead) {
        long floorMillis = millisAt(floor);
        return new NamespaceTime(
                floorMillis, usableFrom.map(Instant::toEpochMilli).orElse(floorMillis - ahead.toMillis()));
    }

    /**
     * Returns the instant at which this scale ends: the first instant that no ID can carry.
     *
     * @throws ArithmeticException if it is out of the range of a {@code long} of milliseconds
     */
    public Instant end() {
        return Instant.ofEpochMilli(Math.addExact(epochMillis(), Math.multiplyExact(lastTick() + 1, tickMillis())));
    }
}
