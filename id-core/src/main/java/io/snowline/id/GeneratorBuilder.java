package io.snowline.id;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.support.Names;
import io.snowline.lease.EventLoop;
import io.snowline.lease.NamespaceCreation;
import io.snowline.lease.NamespaceSpec;
import io.snowline.lease.ThreadEventLoop;
import io.snowline.time.TimeSource;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The settings that every generator has. Not thread-safe.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>setting</th><th>default</th><th>meaning</th></tr>
 * <tr><td>layout</td><td>classic 41/10/12 since 2025</td><td>how the bits are divided; one per namespace</td></tr>
 * <tr><td>reservation</td><td>{@link ReservationSettings#DEFAULT}</td><td>how far ahead windows reach</td></tr>
 * <tr><td>nodeIds</td><td>all of the layout's</td><td>the node ids that may be used</td></tr>
 * <tr><td>startAbove</td><td>none</td><td>no ID at or below this one is issued here</td></tr>
 * <tr><td>label</td><td>{@code pid@host}</td><td>this process's name for humans</td></tr>
 * <tr><td>listener</td><td>none</td><td>notified of lease events, which are logged in any case</td></tr>
 * <tr><td>maxWait</td><td>100 ms, or 1 s in recorded mode</td><td>how long a call waits before it throws; up to
 *   1 h</td></tr>
 * </table>
 *
 * @param <B> the builder itself
 */
public abstract sealed class GeneratorBuilder<B extends GeneratorBuilder<B>>
        permits SnowflakeGenerator.Builder, RecordedIdGenerator.Builder {

    final NodeCoordinator coordinator;
    final String namespace;
    IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    ReservationSettings reservation = ReservationSettings.DEFAULT;

    /** The label; the default is computed only when needed, since that may look up the host's name. */
    Supplier<String> label = Labels::ofThisProcess;

    LeaseListener listener = event -> {};
    Duration maxWait;
    TimeSource time = TimeSource.system();
    RandomGenerator random = new SecureRandom();
    Function<String, EventLoop> loops = ThreadEventLoop::new;
    private @Nullable NodeIdRange nodeIds;
    private OptionalLong startAbove = OptionalLong.empty();

    GeneratorBuilder(NodeCoordinator coordinator, String namespace, Duration maxWait) {
        this.coordinator = Objects.requireNonNull(coordinator, "coordinator");
        this.namespace = Names.requireNamespace(namespace);
        this.maxWait = maxWait;
    }

    abstract B self();

    public B layout(IdLayout value) {
        layout = Objects.requireNonNull(value, "layout");
        return self();
    }

    public B reservation(ReservationSettings value) {
        reservation = Objects.requireNonNull(value, "reservation");
        return self();
    }

    public B nodeIds(NodeIdRange value) {
        nodeIds = Objects.requireNonNull(value, "nodeIds");
        return self();
    }

    /**
     * Sets an ID above which all that this generator issues lie: for a column that already has IDs from elsewhere. It may
     * be ahead of the present by up to {@code ahead}; the first IDs are then stamped that much early. Generators of a
     * namespace may have different ones, and stay unique; those without one issue IDs of the present.
     *
     * <p>A value that the layout does not have, or that is too far ahead, is refused at the start.
     */
    public B startAbove(long id) {
        startAbove = OptionalLong.of(id);
        return self();
    }

    public B label(String value) {
        String printable = Labels.printable(value);
        label = () -> printable;
        return self();
    }

    public B listener(LeaseListener value) {
        listener = Objects.requireNonNull(value, "listener");
        return self();
    }

    /**
     * Sets how long a call waits before it throws.
     *
     * @throws IllegalArgumentException if the duration is negative or longer than 1 h
     */
    public B maxWait(Duration value) {
        maxWait = Durations.requireUpToAnHour("maxWait", value);
        return self();
    }

    /** Sets the clocks; for tests. */
    public B timeSource(TimeSource value) {
        time = Objects.requireNonNull(value, "timeSource");
        return self();
    }

    /** Sets the source of tokens and choices; must be unpredictable across processes, except in a simulation. */
    B random(RandomGenerator value) {
        random = Objects.requireNonNull(value, "random");
        return self();
    }

    /** Sets the factory of the event loops; for simulations. */
    B loops(Function<String, EventLoop> value) {
        loops = Objects.requireNonNull(value, "loops");
        return self();
    }

    /**
     * Creates the namespace in the coordinator, on the caller's word that it is new: that no process has issued IDs of
     * it within {@code ahead} + {@code guard}. Where the coordinator cannot tell a new namespace from a lost one
     * (Redis), this lets the first IDs carry the present time; it also recreates a namespace that was deleted on
     * purpose. Call it once, before the first start, or not at all: without it the namespace is created at the first
     * start.
     *
     * @throws io.snowline.coordination.NamespaceExistsException if the coordinator already has it; nothing was changed
     * @throws io.snowline.coordination.CoordinatorUnavailableException if it is unknown whether it was created; calling
     *     again tells
     * @throws IllegalArgumentException if the settings contradict each other
     * @throws IllegalStateException if the layout has no time left
     */
    public void create() {
        new NamespaceCreation(spec(), reservation, coordinator, time, random).create();
    }

    abstract IssuingMode mode();

    NodeIdRange range() {
        return layout.nodeIds(Optional.ofNullable(nodeIds));
    }

    /**
     * Makes sure that IDs above {@code startAbove} can be issued now.
     *
     * @throws IllegalArgumentException if it does not fit the layout, or is too far ahead
     */
    void requireStartInReach() {
        startAbove.ifPresent(
                id -> layout.requireInReach(id, Instant.ofEpochMilli(time.wallMillis()), reservation.ahead()));
    }

    NamespaceSpec spec() {
        reservation.requireSuits(layout.scale().tick());
        long lowestStart =
                startAbove.stream().map(layout::positionAbove).findAny().orElse(0);
        return new NamespaceSpec(namespace, layout.descriptor(), layout.scale(), mode(), range(), lowestStart);
    }
}
