package io.snowline.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.management.UnixOperatingSystemMXBean;
import io.dropwizard.util.DataSize;
import io.snowline.config.Problems;
import io.snowline.server.access.Limits;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The {@code limits} block: how much of the server clients may take.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>connections</td><td>one for each 32 KiB of heap, at most half of the file descriptors that the process may open,
 *   and 10000</td><td>the most connections to the application port; more are not accepted until some are closed</td></tr>
 * <tr><td>connectionsPerAddress</td><td>half of connections</td><td>the most of them from one address; more are
 *   closed</td></tr>
 * <tr><td>headerTime</td><td>10s</td><td>how long the head of a request may take to arrive, from its first octet; also a
 *   TLS handshake</td></tr>
 * <tr><td>answerTime</td><td>60s</td><td>how long a request may take in all, until its answer has been read</td></tr>
 * <tr><td>answersInFlight</td><td>an eighth of the heap</td><td>the most octets of answers at the same time, those below 4
 *   KiB not counted; beyond it, 503</td></tr>
 * <tr><td>lookUps</td><td>64</td><td>the most look-ups of records at the same time in one namespace; beyond it,
 *   503</td></tr>
 * <tr><td>failedLoginsPerMinute</td><td>100</td><td>how many wrong tokens an address may send; beyond it, 429</td></tr>
 * <tr><td>idsPerSecond</td><td>none</td><td>how many IDs a client (a token's name, else a token) may take from a
 *   namespace; beyond it, 429</td></tr>
 * <tr><td>idsPerDay</td><td>none</td><td>the same for a day of UTC, in recorded mode</td></tr>
 * </table>
 *
 * <p>Not thread-safe.
 */
final class LimitsConfiguration {

    private static final int MOST_CONNECTIONS = 10_000;
    private static final int HEAP_PER_CONNECTION = 32 * 1024;
    private static final int LARGEST = 1_000_000_000;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    @JsonProperty
    private @Nullable Integer connections;

    @JsonProperty
    private @Nullable Integer connectionsPerAddress;

    @JsonProperty
    private Duration headerTime = Duration.ofSeconds(10);

    @JsonProperty
    private Duration answerTime = Duration.ofSeconds(60);

    @JsonProperty
    private @Nullable DataSize answersInFlight;

    @JsonProperty
    private int lookUps = 64;

    @JsonProperty
    private int failedLoginsPerMinute = 100;

    @JsonProperty
    private @Nullable Integer idsPerSecond;

    @JsonProperty
    private @Nullable Long idsPerDay;

    /** Adds what breaks a rule. */
    void check(Problems problems) {
        Limits limits = limits();
        checkCount("connections", limits.connections(), problems);
        checkCount("connectionsPerAddress", limits.connectionsPerAddress(), problems);
        checkCount("lookUps", lookUps, problems);
        checkCount("failedLoginsPerMinute", failedLoginsPerMinute, problems);
        limits.idsPerSecond().ifPresent(count -> checkCount("idsPerSecond", count, problems));
        limits.idsPerDay()
                .ifPresent(count -> problems.require(count >= 1, "idsPerDay must be at least 1, got " + count));
        problems.require(
                limits.answersInFlight() >= 1,
                "answersInFlight must be at least 1 byte, got " + limits.answersInFlight());
        checkDuration("headerTime", headerTime, problems);
        checkDuration("answerTime", answerTime, problems);
    }

    private static void checkCount(String key, int count, Problems problems) {
        problems.require(
                count >= 1 && count <= LARGEST, "%s must be from 1 to %s, got %s".formatted(key, LARGEST, count));
    }

    private static void checkDuration(String key, Duration value, Problems problems) {
        problems.require(
                value.compareTo(SHORTEST) >= 0 && value.compareTo(LONGEST) <= 0,
                "%s must be from %s to %s, got %s".formatted(key, SHORTEST, LONGEST, value));
    }

    Limits limits() {
        int all = connections == null ? defaultConnections() : connections;
        return new Limits(
                all,
                connectionsPerAddress == null ? Math.max(1, all / 2) : connectionsPerAddress,
                headerTime,
                answerTime,
                answersInFlight == null ? Runtime.getRuntime().maxMemory() / 8 : answersInFlight.toBytes(),
                lookUps,
                failedLoginsPerMinute,
                idsPerSecond == null ? OptionalInt.empty() : OptionalInt.of(idsPerSecond),
                idsPerDay == null ? OptionalLong.empty() : OptionalLong.of(idsPerDay));
    }

    /** Leaves half of the file descriptors to the backend, the administration, logs and the JVM. */
    private static int defaultConnections() {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount() / 2
                : MOST_CONNECTIONS;
        long memory = Runtime.getRuntime().maxMemory() / HEAP_PER_CONNECTION;
        return (int) Math.max(1, Math.min(MOST_CONNECTIONS, Math.min(files, memory)));
    }
}
