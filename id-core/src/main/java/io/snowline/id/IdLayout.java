package io.snowline.id;

import io.snowline.coordination.NodeIdRange;
import io.snowline.time.TickScale;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How the bits of an ID are divided, how long a tick is, and from when ticks are counted.
 *
 * <pre>{@code id = tick << (nodeBits + sequenceBits) | node << sequenceBits | sequence}</pre>
 *
 * <table>
 * <caption>The fields of an ID, from the highest bit to the lowest</caption>
 * <tr><th>field</th><th>meaning</th><th>bits</th></tr>
 * <tr><td>–</td><td>zero, so that an ID is never negative</td><td>the rest of 64, at least 1</td></tr>
 * <tr><td>timestamp</td><td>ticks since the epoch</td><td>timestampBits</td></tr>
 * <tr><td>node</td><td>tells generators apart</td><td>nodeBits</td></tr>
 * <tr><td>sequence</td><td>counter within one tick of one node id</td><td>sequenceBits</td></tr>
 * </table>
 *
 * <p>IDs of a layout with {@code n} bits in total lie below 2<sup>n</sup>. Because the timestamp comes first, IDs sort
 * by time, and a stretch of time is a range of IDs:
 *
 * <pre>{@code
 * WHERE id BETWEEN :smallest AND :largest    -- layout.smallestId(from), layout.largestId(to)
 * WHERE id >= :smallest AND id < :next       -- layout.smallestId(from), layout.smallestId(to), without to's own tick
 * }</pre>
 *
 * <p>The time of an ID is the time it was stamped with. Bursts are stamped ahead of the clock, so a query up to now may
 * miss rows that were written just now.
 *
 * <p>A namespace keeps its layout and epoch forever: under any other, its IDs decode to something else and may be
 * issued again. When the timestamp is used up, issuing ends (see {@link #timeLeft}); it never wraps.
 *
 * <p>Immutable and thread-safe.
 *
 * @param timestampBits the number of bits of the timestamp, 1 or more
 * @param nodeBits the number of bits of the node id, 1 to 30
 * @param sequenceBits the number of bits of the sequence, 1 or more; all three together at most 63
 * @param tick the length of one tick: whole milliseconds, from 1 ms to 1 h
 * @param epoch the instant at which tick 0 begins; whole milliseconds
 */
public record IdLayout(int timestampBits, int nodeBits, int sequenceBits, Duration tick, Instant epoch) {

    /** The epoch to use unless there is a reason for another: 2025-01-01T00:00:00Z. */
    public static final Instant DEFAULT_EPOCH = Instant.parse("2025-01-01T00:00:00Z");

    private static final int MOST_BITS = 63;
    private static final int MOST_NODE_BITS = 30;

    /** 0, 1, 2 and so on: runs of IDs before an offset is added to them. */
    private static final long[] COUNTING = LongStream.range(0, 1_024).toArray();

    /**
     * @throws IllegalArgumentException if a number is outside its range, or if the last tick ends beyond a {@code long}
     *     of milliseconds since 1970, some 292 million years (unless the epoch is that far away, this takes 42
     *     timestamp bits or more and a tick longer than 1 ms)
     */
    public IdLayout {
        Objects.requireNonNull(tick, "tick");
        Objects.requireNonNull(epoch, "epoch");
        requireBits("timestampBits", timestampBits);
        requireBits("nodeBits", nodeBits);
        requireBits("sequenceBits", sequenceBits);
        long sum = (long) timestampBits + nodeBits + sequenceBits;
        if (sum > MOST_BITS) {
            throw new IllegalArgumentException(
                    "timestampBits + nodeBits + sequenceBits must be at most %s, got %s + %s + %s = %s"
                            .formatted(MOST_BITS, timestampBits, nodeBits, sequenceBits, sum));
        }
        if (nodeBits > MOST_NODE_BITS) {
            throw new IllegalArgumentException("nodeBits must be at most " + MOST_NODE_BITS + ", got " + nodeBits);
        }
        requireEndInReach(new TickScale(epoch, tick, timestampBits, sequenceBits));
    }

    private static void requireBits(String name, int bits) {
        if (bits < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, got " + bits);
        }
    }

    private static void requireEndInReach(TickScale scale) {
        try {
            var unused = scale.end();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "epoch + 2^timestampBits * tick must be at most %s, got %s + 2^%s * %s"
                            .formatted(
                                    Instant.ofEpochMilli(Long.MAX_VALUE),
                                    scale.epoch(),
                                    scale.timestampBits(),
                                    scale.tick()),
                    e);
        }
    }

    /**
     * Returns the layout that most snowflake IDs have: 41/10/12 bits and ticks of 1 ms.
     *
     * <p>It lasts 2<sup>41</sup> ms = 69.7 years (with {@link #DEFAULT_EPOCH} to September 2094). Each of its 1024 node
     * ids gives 4096 IDs per ms, 4,096,000 a second. Within a month of the epoch its IDs need more than 53 bits:
     * JavaScript rounds them if they are sent as JSON numbers.
     *
     * @param epoch the instant at which tick 0 begins; whole milliseconds
     */
    public static IdLayout classic(Instant epoch) {
        return new IdLayout(41, 10, 12, Duration.ofMillis(1), epoch);
    }

    /**
     * Returns a layout whose IDs stay below 2<sup>53</sup>, so that a JavaScript number, or any other IEEE double,
     * holds each of them exactly: 38/7/8 bits and ticks of 10 ms.
     *
     * <p>It lasts 2<sup>38</sup> · 10 ms = 87.1 years (with {@link #DEFAULT_EPOCH} to February 2112). Each of its 128
     * node ids gives 256 IDs per 10 ms, 25,600 a second, which makes 3,276,800 a second on all of them. With ticks of 1
     * ms, 38 bits would last only 8.7 years; much longer ticks would make IDs sort coarsely and callers wait long for
     * the next tick. Bits went to node ids rather than to the sequence because one generator can hold several node ids.
     *
     * @param epoch the instant at which tick 0 begins; whole milliseconds
     */
    public static IdLayout javaScriptSafe(Instant epoch) {
        return new IdLayout(38, 7, 8, Duration.ofMillis(10), epoch);
    }

    /** Returns how this layout counts time: epoch, tick and the bits of a position. */
    public TickScale scale() {
        return new TickScale(epoch, tick, timestampBits, sequenceBits);
    }

    /** Returns the number of node ids; they run from 0 to one less. */
    public int nodeCount() {
        return 1 << nodeBits;
    }

    /**
     * Returns the node ids that a process may take: the configured ones, or otherwise all of them.
     *
     * @throws IllegalArgumentException if they do not lie within this layout
     */
    NodeIdRange nodeIds(Optional<NodeIdRange> configured) {
        NodeIdRange all = new NodeIdRange(0, nodeCount() - 1);
        NodeIdRange range = configured.orElse(all);
        if (range.last() > all.last()) {
            throw new IllegalArgumentException("nodeIds must lie within the layout's %s, got %s".formatted(all, range));
        }
        return range;
    }

    /** Returns the highest ID that fits: 2<sup>n</sup> - 1 with {@code n} bits in total. */
    public long lastId() {
        return lowBits(timestampBits + nodeBits + sequenceBits);
    }

    // ---- composing ----

    /**
     * Returns the ID of a position on a node id.
     *
     * @param position {@code tick << sequenceBits | sequence}, from 0 to {@link TickScale#endPosition()}, exclusive
     * @param node from 0 to {@link #nodeCount()}, exclusive
     * @throws IllegalArgumentException if a number is outside its range
     */
    public long compose(long position, int node) {
        requireBelow("position", position, 1L << (timestampBits + sequenceBits));
        requireBelow("node", node, nodeCount());
        return idAt(position, node);
    }

    /**
     * Returns the ID of a tick, a node id and a sequence.
     *
     * @param tick ticks since the epoch, from 0 to 2<sup>timestampBits</sup>, exclusive
     * @param node from 0 to {@link #nodeCount()}, exclusive
     * @param sequence from 0 to 2<sup>sequenceBits</sup>, exclusive
     * @throws IllegalArgumentException if a number is outside its range
     */
    public long compose(long tick, int node, long sequence) {
        requireBelow("tick", tick, 1L << timestampBits);
        requireBelow("sequence", sequence, 1L << sequenceBits);
        return compose(tick << sequenceBits | sequence, node);
    }

    private void requireBelow(String name, long value, long limit) {
        if (value < 0 || value >= limit) {
            throw new IllegalArgumentException(
                    name + " must be from 0 to " + (limit - 1) + " in layout " + descriptor() + ", got " + value);
        }
    }

    /**
     * Returns the ID of a position on a node id, unchecked: for the generators, whose windows contain no other
     * positions. If out of range, the result is a different, unrelated ID.
     */
    long idAt(long position, int node) {
        long sequence = position & lowBits(sequenceBits);
        return (position - sequence) << nodeBits | (long) node << sequenceBits | sequence;
    }

    /**
     * Writes the IDs of {@code count} consecutive positions into an array, unchecked, as {@link #idAt}.
     *
     * @param first the first of the positions
     * @param from the index of the first ID
     */
    void idsAt(long first, int node, long[] ids, int from, int count) {
        int end = from + count;
        int next = from;
        while (next < end) {
            long position = first + (next - from);
            long untilNextTick = (1L << sequenceBits) - (position & lowBits(sequenceBits));
            int run = (int) Math.min(Math.min(end - next, untilNextTick), COUNTING.length);
            System.arraycopy(COUNTING, 0, ids, next, run);
            add(ids, next, next + run, idAt(position, node)); // within a tick, IDs are consecutive numbers
            next += run;
        }
    }

    /**
     * Adds a number to each element of a part of an array. JDK 17 vectorizes this loop, but not one with a {@code long}
     * index.
     */
    private static void add(long[] ids, int from, int to, long number) {
        for (int i = from; i < to; i++) {
            ids[i] += number;
        }
    }

    // ---- decoding ----

    /**
     * Splits an ID into its parts. Does not tell whether it was ever issued.
     *
     * @throws IllegalArgumentException if the ID is negative or above {@link #lastId()}
     */
    public DecodedId decode(long id) {
        long position = position(id);
        Instant timestamp = Instant.ofEpochMilli(scale().millisAt(position));
        return new DecodedId(id, timestamp, node(id), position & lowBits(sequenceBits));
    }

    /**
     * Returns the position of an ID: {@code tick << sequenceBits | sequence}.
     *
     * @throws IllegalArgumentException if the ID is negative or above {@link #lastId()}
     */
    public long position(long id) {
        requireId(id);
        long sequence = id & lowBits(sequenceBits);
        return id >> (nodeBits + sequenceBits) << sequenceBits | sequence;
    }

    /**
     * Returns the node id of an ID.
     *
     * @throws IllegalArgumentException if the ID is negative or above {@link #lastId()}
     */
    public int node(long id) {
        requireId(id);
        return (int) (id >> sequenceBits & lowBits(nodeBits));
    }

    private void requireId(long id) {
        if (id < 0 || id > lastId()) {
            throw new IllegalArgumentException(
                    "id must be from 0 to " + lastId() + " in layout " + descriptor() + ", got " + id);
        }
    }

    private static long lowBits(int bits) {
        return (1L << bits) - 1;
    }

    // ---- time ----

    /**
     * Returns the position from which on every ID, whatever its node id, is above a given one: the first of the tick after
     * that ID's own. Within its tick, a higher position on a lower node id may make a lower ID.
     */
    long positionAbove(long id) {
        return scale().nextTick(position(id));
    }

    /**
     * Makes sure that IDs above a given one can be stamped without waiting for long: a window ends at most {@code ahead}
     * from now, and so must not begin later.
     *
     * @param startAbove the ID
     * @param now the present
     * @param ahead how far beyond the present a window may end
     * @throws IllegalArgumentException if the ID is negative or above {@link #lastId()}, or IDs above it begin later than
     *     {@code ahead} from now
     */
    public void requireInReach(long startAbove, Instant now, Duration ahead) {
        Instant begins = Instant.ofEpochMilli(scale().millisAt(positionAbove(startAbove)));
        if (begins.isAfter(now.plus(ahead))) {
            throw new IllegalArgumentException(
                    "startAbove must lie at most ahead, %s, in the future, got %s, above which IDs begin at %s"
                            .formatted(ahead, startAbove, begins));
        }
    }

    /** Returns the earliest timestamp of an ID: the epoch. */
    public Instant firstInstant() {
        return epoch;
    }

    /** Returns the latest timestamp of an ID: the instant at which the last tick begins. It ends one tick later. */
    public Instant lastInstant() {
        return scale().end().minus(tick);
    }

    /** Returns the time from an instant to the end of the last tick; zero if that is over. */
    public Duration timeLeft(Instant now) {
        Duration left = Duration.between(now, scale().end());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Returns the smallest ID, over all node ids, that the tick of an instant may hold.
     *
     * @param instant from {@link #firstInstant()} to the end of the last tick, exclusive
     * @throws IllegalArgumentException if the instant lies outside this layout
     */
    public long smallestId(Instant instant) {
        TickScale scale = scale();
        if (instant.isBefore(epoch) || !instant.isBefore(scale.end())) {
            throw new IllegalArgumentException("instant must be from " + epoch + " to before " + scale.end()
                    + " in layout " + descriptor() + ", got " + instant);
        }
        return idAt(scale.positionAt(instant.toEpochMilli()), 0);
    }

    /**
     * Returns the largest ID, over all node ids, that the tick of an instant may hold.
     *
     * @param instant from {@link #firstInstant()} to the end of the last tick, exclusive
     * @throws IllegalArgumentException if the instant lies outside this layout
     */
    public long largestId(Instant instant) {
        return smallestId(instant) | lowBits(nodeBits + sequenceBits);
    }

    /**
     * Returns the canonical form of this layout without its epoch: timestamp, node and sequence bits and the tick in
     * milliseconds, as in {@code 41/10/12@1ms}.
     *
     * <p>Coordinators store it, and it is compared as text: it is the same in every version and locale, forever.
     */
    public String descriptor() {
        return timestampBits + "/" + nodeBits + "/" + sequenceBits + "@" + tick.toMillis() + "ms";
    }
}
