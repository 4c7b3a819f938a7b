package io.snowline.spring;

import io.snowline.coordination.ReservationSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties below {@code snowline}: the blocks of the server's YAML, and what an application adds to them. IDEs
 * complete them from metadata that is made of this record.
 *
 * <p>Immutable and thread-safe.
 *
 * @param enabled Whether there are generators at all.
 * @param namespaces The namespaces that IDs are issued for, each with the default settings unless 'generators' has others.
 * @param generators The settings of namespaces; a namespace that has some need not be among 'namespaces'.
 * @param primary The namespace whose generator is injected where none is named; by default the first one.
 * @param awaitReady How long the start waits until IDs can be issued in every namespace, and fails otherwise; 0 does not wait.
 * @param label This process' name for operators; by default 'pid@host'.
 * @param coordination The backend: 'type' chooses it, the other keys are its own.
 * @param reservation How far ahead windows reach.
 * @param client Servers to take IDs from, instead of a backend.
 */
@ConfigurationProperties(SnowlineProperties.PREFIX)
record SnowlineProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<String> namespaces,
        @DefaultValue Map<String, Generator> generators,
        @Nullable String primary,
        @DefaultValue("0s") Duration awaitReady,
        @Nullable String label,
        @DefaultValue Map<String, Object> coordination,
        @DefaultValue Reservation reservation,
        @DefaultValue Client client) {

    static final String PREFIX = "snowline";

    /** Leaves out what may be secret. */
    @Override
    public String toString() {
        return "SnowlineProperties{namespaces=%s, generators=%s}".formatted(namespaces, generators.keySet());
    }

    /**
     * How far ahead windows reach.
     *
     * @param ahead How far beyond the present a window may end, and so how long IDs are issued without the backend.
     * @param renewEvery How often a window is extended, give or take a fifth.
     * @param takeoverGrace How long after its window's end a node id still counts as held.
     * @param guard By how much the clocks of the backend's servers may disagree.
     * @param maxClockSkew By how much this machine's clock and the backend's may differ at start.
     */
    record Reservation(
            @DefaultValue("30s") Duration ahead,
            @DefaultValue("3s") Duration renewEvery,
            @DefaultValue("10s") Duration takeoverGrace,
            @DefaultValue("1s") Duration guard,
            @DefaultValue("10s") Duration maxClockSkew) {

        /**
         * @throws IllegalArgumentException if a value breaks a rule
         */
        ReservationSettings settings() {
            return new ReservationSettings(ahead, renewEvery, takeoverGrace, guard, maxClockSkew);
        }
    }

    /**
     * The settings of a namespace.
     *
     * @param mode 'leased': stamped in memory; 'recorded': recorded in the backend before it is handed out.
     * @param recorded Recorded mode only.
     * @param epoch The instant of tick 0; fixed by the namespace's first process.
     * @param layout How the bits are divided; fixed by the namespace's first process.
     * @param lanes Node ids held at the same time, for more IDs per second than one gives.
     * @param nodeIds This process' share of the node ids, such as '0-511'; by default all of the layout.
     * @param maxLead How far bursts may run ahead of the clock.
     * @param maxWait How long a call waits before it throws; by default 100ms, in recorded mode 1s.
     * @param startAbove No ID at or below this one is issued, for a column that has IDs from elsewhere.
     */
    record Generator(
            @DefaultValue("leased") String mode,
            @DefaultValue Recorded recorded,
            @DefaultValue("2025-01-01T00:00:00Z") Instant epoch,
            @DefaultValue Layout layout,
            @DefaultValue("1") int lanes,
            @Nullable String nodeIds,
            @DefaultValue("1s") Duration maxLead,
            @Nullable Duration maxWait,
            @Nullable Long startAbove) {}

    /**
     * How the 63 bits of an ID are divided.
     *
     * @param timestampBits Bits of the tick: 2^41 ms are 69 years.
     * @param nodeBits Bits of the node id: 2^10 generators at a time.
     * @param sequenceBits Bits of the sequence: 2^12 IDs per tick and node id.
     * @param tick The length of a tick.
     */
    record Layout(
            @DefaultValue("41") int timestampBits,
            @DefaultValue("10") int nodeBits,
            @DefaultValue("12") int sequenceBits,
            @DefaultValue("1ms") Duration tick) {}

    /**
     * What recorded mode does.
     *
     * @param ledger Whether each ID is recorded in the ledger; by default if the backend has one.
     * @param keep How long an ID stays recorded, or 'forever'.
     * @param node The node id to use; processes that are given the same one take turns on it.
     */
    record Recorded(@Nullable Boolean ledger, @DefaultValue("24h") String keep, @Nullable Integer node) {}

    /**
     * Servers to take IDs from.
     *
     * @param servers Their base URIs, such as 'https://ids.example.com'.
     * @param token What the namespaces must be asked with.
     * @param maxWait How long a call waits, at most, over all servers.
     * @param requestTimeout How long one request may take.
     * @param maxAge How old a range may get, if the server allows more.
     * @param maxRange The most positions to ask for at once.
     * @param sslBundle The SSL bundle that says whom to trust and what to present; by default the JVM's.
     */
    record Client(
            @DefaultValue List<String> servers,
            @Nullable String token,
            @DefaultValue("1s") Duration maxWait,
            @DefaultValue("500ms") Duration requestTimeout,
            @DefaultValue("1h") Duration maxAge,
            @DefaultValue("65536") int maxRange,
            @Nullable String sslBundle) {

        /** Leaves out the token. */
        @Override
        public String toString() {
            return "Client{servers=%s}".formatted(servers);
        }
    }
}
