package io.snowline.client;

import io.snowline.coordination.support.Names;
import io.snowline.id.IdGenerator;
import io.snowline.id.IdLayout;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Issues IDs in memory, from ranges that servers give over HTTP.
 *
 * <pre>{@code
 * try (SnowlineClient ids = SnowlineClient.builder("orders")
 *         .servers("https://ids-1.example.com", "https://ids-2.example.com")
 *         .token(() -> token)
 *         .start()) {
 *     long id = ids.nextId();
 * }
 * }</pre>
 *
 * <p>IDs are as unique as the servers': a range belongs to one client alone. As long as the client stays with one server
 * that has one lane, IDs ascend, for one caller and in the order in which callers claim them; it leaves a server only when
 * that does not answer. The next range is fetched in the background before the present one ends, at most one at a time;
 * callers wait, up to {@code maxWait}, only if there is nothing left. A range is dropped when it is older than the
 * server's {@code goodForMillis}, counted from when it was asked for; nothing depends on the wall clock. So a process that
 * was suspended issues nothing old afterwards, except for up to 63 IDs if it was stopped while it issued more than five
 * million a second.
 *
 * <p>A client that is not used sends no requests.
 *
 * <p>It does not protect against copies of itself: a process that is cloned with its memory, by a snapshot of a virtual
 * machine or a checkpoint of a JVM, issues the rest of its range twice.
 *
 * <p>Thread-safe. No lock is held while waiting, so virtual threads are welcome.
 */
public final class SnowlineClient implements IdGenerator {

    private final LongSupplier clock;
    private final long maxWaitNanos;
    private final RangeSupply supply;

    private SnowlineClient(Builder settings) {
        clock = settings.clock;
        maxWaitNanos = settings.maxWait.toNanos();
        supply = new RangeSupply(settings);
    }

    /**
     * Begins the configuration of a client.
     *
     * @param namespace the namespace whose IDs it issues
     * @throws IllegalArgumentException if the namespace's name breaks the rule for names
     */
    public static Builder builder(String namespace) {
        return new Builder(namespace);
    }

    @Override
    public long nextId() {
        RangeInUse range = supply.current();
        long taken = range.take();
        return taken >= 0 ? taken : nextIdAfterLook(range, ~taken);
    }

    private long nextIdAfterLook(RangeInUse range, long index) {
        long id = redeem(range, index);
        return id >= 0 ? id : nextIdOfAnother(range);
    }

    private long redeem(RangeInUse range, long index) {
        long nanos = clock.getAsLong();
        long id = range.redeem(index, nanos);
        if (id >= 0) {
            supply.taken(range, nanos);
        }
        return id;
    }

    private long nextIdOfAnother(RangeInUse usedUp) {
        long deadline = clock.getAsLong() + maxWaitNanos;
        RangeInUse range = usedUp;
        while (true) {
            range = supply.after(range, deadline, 1);
            long taken = range.take();
            long id = taken >= 0 ? taken : redeem(range, ~taken);
            if (id >= 0) {
                return id;
            }
        }
    }

    @Override
    public void nextIds(long[] ids) {
        long nanos = clock.getAsLong();
        long deadline = nanos + maxWaitNanos;
        RangeInUse range = supply.current();
        int filled = 0;
        while (filled < ids.length) {
            int more = range.fill(ids, filled, ids.length, nanos);
            filled += more;
            if (more > 0) {
                supply.taken(range, nanos);
            }
            if (filled < ids.length) {
                range = supply.after(range, deadline, ids.length - filled);
                nanos = clock.getAsLong();
            }
        }
    }

    /**
     * Returns the layout of the IDs, as the first range has it; until there is one, waits up to {@code maxWait}.
     *
     * @throws io.snowline.id.IdUnavailableException if no server gives a range
     */
    @Override
    public IdLayout layout() {
        return supply.layout(clock.getAsLong() + maxWaitNanos);
    }

    /** Returns the state. */
    public ClientStatus status() {
        return supply.status();
    }

    /**
     * Ends the client: what is left of its ranges is lost, and callers that wait are refused. No call that begins
     * afterwards gets an ID.
     */
    @Override
    public void close() {
        supply.close();
    }

    // ---- settings ----

    /**
     * The settings of a client. Not thread-safe.
     *
     * <table>
     * <caption>Settings</caption>
     * <tr><th>setting</th><th>default</th><th>meaning</th></tr>
     * <tr><td>servers</td><td>–</td><td>their base URIs, one or more</td></tr>
     * <tr><td>token</td><td>none</td><td>what the namespace must be asked with</td></tr>
     * <tr><td>maxWait</td><td>1 s</td><td>how long a call waits, at most, over all servers; up to 1 h</td></tr>
     * <tr><td>requestTimeout</td><td>500 ms</td><td>how long one request may take; from 1 ms to 1 min</td></tr>
     * <tr><td>maxAge</td><td>1 h</td><td>how old a range may get, if the server's {@code goodForMillis} is longer; from 1 ms
     *   to 1 h</td></tr>
     * <tr><td>maxRange</td><td>65536</td><td>the most positions to ask for at once; from 1 to 1048576, and no more than the
     *   servers' own {@code maxRange}</td></tr>
     * <tr><td>sslContext</td><td>the JVM's</td><td>whom to trust, and what to present</td></tr>
     * </table>
     */
    public static final class Builder {

        private static final String SERVER_RULE =
                "a server must be an http or https URI of a host, without user, query and fragment, got ";
        private static final int LARGEST_RANGE = 1 << 20;
        private static final Duration LONGEST = Duration.ofHours(1);

        final String namespace;
        List<URI> servers = List.of();

        @Nullable
        Supplier<String> token;

        Duration requestTimeout = Duration.ofMillis(500);
        int maxRange = 65_536;
        LongSupplier clock = System::nanoTime;
        Duration maxWait = Duration.ofSeconds(1);
        Duration maxAge = LONGEST;
        Optional<SSLContext> tls = Optional.empty();

        private Builder(String namespace) {
            this.namespace = Names.requireNamespace(namespace);
        }

        /**
         * Sets the servers, any of which may be asked.
         *
         * @param bases such as {@code https://ids.example.com:8443}
         * @throws IllegalArgumentException if one is not an http or https URI of a host, without user, query and fragment
         */
        public Builder servers(URI... bases) {
            servers = Stream.of(bases).map(Builder::requireBase).toList();
            return this;
        }

        /**
         * Sets the servers, as {@link #servers(URI...)} does.
         *
         * @throws IllegalArgumentException if one is not such a URI
         */
        public Builder servers(String... bases) {
            return servers(Stream.of(bases).map(Builder::parse).toArray(URI[]::new));
        }

        private static URI parse(String base) {
            try {
                return new URI(base);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(SERVER_RULE + "no URI: " + e.getReason());
            }
        }

        private static URI requireBase(URI base) {
            boolean http = "http".equalsIgnoreCase(base.getScheme()) || "https".equalsIgnoreCase(base.getScheme());
            boolean plain =
                    base.getRawUserInfo() == null && base.getRawQuery() == null && base.getRawFragment() == null;
            if (!http || base.getHost() == null || !plain) {
                throw new IllegalArgumentException(
                        SERVER_RULE + "one with scheme %s and host %s".formatted(base.getScheme(), base.getHost()));
            }
            return base;
        }

        /**
         * Sets where the token comes from: 1 to 256 printable ASCII characters without blanks. It is asked for at each
         * request, on a thread of the client's, so that it can be changed while running; it is sent in a header and shown
         * nowhere.
         */
        public Builder token(Supplier<String> supplier) {
            token = Objects.requireNonNull(supplier, "token");
            return this;
        }

        /**
         * Sets how long a call waits, at most.
         *
         * @throws IllegalArgumentException if the duration is negative or longer than 1 h
         */
        public Builder maxWait(Duration value) {
            maxWait = require("maxWait", value, Duration.ZERO, LONGEST);
            return this;
        }

        /**
         * Sets how long one request may take, its body included.
         *
         * @throws IllegalArgumentException if the duration is shorter than 1 ms or longer than 1 min
         */
        public Builder requestTimeout(Duration value) {
            requestTimeout = require("requestTimeout", value, Duration.ofMillis(1), Duration.ofMinutes(1));
            return this;
        }

        /**
         * Sets how old a range may get, where the server's {@code goodForMillis} is longer.
         *
         * @throws IllegalArgumentException if the duration is shorter than 1 ms or longer than 1 h
         */
        public Builder maxAge(Duration value) {
            maxAge = require("maxAge", value, Duration.ofMillis(1), LONGEST);
            return this;
        }

        private static Duration require(String name, Duration value, Duration least, Duration most) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        "%s must be from %s to %s, got %s".formatted(name, least, most, value));
            }
            return value;
        }

        /**
         * Sets the most positions to ask for at once.
         *
         * @throws IllegalArgumentException if the number is less than 1 or more than 1048576
         */
        public Builder maxRange(int value) {
            if (value < 1 || value > LARGEST_RANGE) {
                throw new IllegalArgumentException(
                        "maxRange must be from 1 to %s, got %s".formatted(LARGEST_RANGE, value));
            }
            maxRange = value;
            return this;
        }

        /** Sets whom to trust, and what to present, over TLS. */
        public Builder sslContext(SSLContext value) {
            tls = Optional.of(value);
            return this;
        }

        /** Sets the monotonic clock, in nanoseconds; for tests. */
        Builder clock(LongSupplier value) {
            clock = value;
            return this;
        }

        /**
         * Starts the client, which asks for its first range in the background.
         *
         * @throws IllegalArgumentException if there are no servers
         */
        public SnowlineClient start() {
            if (servers.isEmpty()) {
                throw new IllegalArgumentException("servers must name at least one server, got none");
            }
            SnowlineClient client = new SnowlineClient(this);
            client.supply.start();
            return client;
        }
    }
}
