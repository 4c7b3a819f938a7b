package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.id.IdLayout;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What many owners cost one Redis. The figures of docs/scale.md were measured with
 * {@code -Dsnowline.scale.owners=1000 -Dsnowline.scale.seconds=30}.
 */
@Timeout(300)
class RedisFleetIT {

    private static final int OWNERS = Integer.getInteger("snowline.scale.owners", 100);
    private static final int SECONDS = Integer.getInteger("snowline.scale.seconds", 5);
    private static final IdLayout LAYOUT = new IdLayout(41, 14, 8, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);
    private static final Logger LEASES = Logger.getLogger("io.snowline.lease");

    /** What Redis has counted since its start. */
    private record Counters(double calls, double scriptMicros, double cpuSeconds, double bytesIn, double bytesOut) {

        static Counters of(RedisServer redis) {
            Map<String, String> info = Arrays.stream(
                            String.valueOf(redis.command("INFO", "everything")).split("\r\n"))
                    .filter(line -> line.contains(":"))
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.indexOf(':')), Counters::value, (a, b) -> a));
            String scripts = info.getOrDefault("cmdstat_evalsha", "calls=0,usec=0,");
            return new Counters(
                    field(scripts, "calls"),
                    field(scripts, "usec"),
                    Double.parseDouble(info.get("used_cpu_sys")) + Double.parseDouble(info.get("used_cpu_user")),
                    Double.parseDouble(info.get("total_net_input_bytes")),
                    Double.parseDouble(info.get("total_net_output_bytes")));
        }

        private static String value(String line) {
            return line.substring(line.indexOf(':') + 1);
        }

        private static double field(String statistics, String name) {
            String rest = statistics.substring(statistics.indexOf(name + "=") + name.length() + 1);
            return Double.parseDouble(rest.substring(0, rest.indexOf(',')));
        }

        Counters since(Counters before) {
            return new Counters(
                    calls - before.calls,
                    scriptMicros - before.scriptMicros,
                    cpuSeconds - before.cpuSeconds,
                    bytesIn - before.bytesIn,
                    bytesOut - before.bytesOut);
        }
    }

    @Test
    void eachOwnerCostsOneSmallWritePerRenewalAndNothingElse() throws Exception {
        LEASES.setLevel(Level.WARNING);
        ConcurrentLinkedQueue<LeaseEvent> events = new ConcurrentLinkedQueue<>();
        List<SnowflakeGenerator> owners = new ArrayList<>();
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        try (RedisServer redis = RedisServer.start()) {
            factory.setUri(redis.uri());
            try (NodeCoordinator coordinator = factory.open()) {
                // Otherwise the windows of the first minute are short, and renewed more often.
                SnowflakeGenerator.builder(coordinator, "orders").layout(LAYOUT).create();
                long started = System.nanoTime();
                for (int i = 0; i < OWNERS; i++) {
                    owners.add(SnowflakeGenerator.builder(coordinator, "orders")
                            .layout(LAYOUT)
                            .label("host-" + i + ".example:8080")
                            .listener(events::add)
                            .start());
                }
                assertThat(owners).allMatch(owner -> owner.awaitReady(Duration.ofSeconds(60)));
                double acquired = (System.nanoTime() - started) / 1e9;
                TimeUnit.SECONDS.sleep(6); // the first renewals still show the effects of the start

                events.clear();
                Counters before = Counters.of(redis);
                TimeUnit.SECONDS.sleep(SECONDS);
                Counters spent = Counters.of(redis).since(before);

                report(redis, acquired, spent, List.copyOf(events));
                owners.parallelStream().forEach(SnowflakeGenerator::close);
            }
        } finally {
            LEASES.setLevel(null);
        }
    }

    private static void report(RedisServer redis, double acquired, Counters spent, List<LeaseEvent> events) {
        long bytes = (Long) redis.command("MEMORY", "USAGE", "id_gen:{orders}", "SAMPLES", "0");
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("snowline-orders-"))
                .count();
        double[] millis = events.stream()
                .mapToDouble(event -> event.took().toNanos() / 1e6)
                .sorted()
                .toArray();
        System.out.printf(
                "%d owners: all acquired in %.1f s; %.0f writes/s; Redis %.1f %% of a core, %.1f us a script; %.0f bytes in and %.0f"
                        + " out for each; hash %d bytes; renewals p50 %.2f ms, p99 %.2f ms; %d threads%n",
                OWNERS,
                acquired,
                spent.calls() / SECONDS,
                100 * spent.cpuSeconds() / SECONDS,
                spent.scriptMicros() / spent.calls(),
                spent.bytesIn() / spent.calls(),
                spent.bytesOut() / spent.calls(),
                bytes,
                millis[millis.length / 2],
                millis[millis.length * 99 / 100],
                threads);

        // On a machine that is busy with other tests a call may time out.
        assertThat(events.stream().filter(event -> event.kind() == LeaseEvent.Kind.RENEWED))
                .as("renewals that went well")
                .hasSizeGreaterThan(events.size() * 95 / 100);
        assertThat(spent.calls() / SECONDS).as("writes per second").isLessThan(OWNERS / 2.0);
        assertThat(spent.calls()).as("writes, for each renewal").isCloseTo(events.size(), withinPercentage(10));
        assertThat(spent.bytesIn() / spent.calls())
                .as("bytes sent for a renewal")
                .isLessThan(1500);
        assertThat(spent.bytesOut() / spent.calls())
                .as("bytes answered to a renewal")
                .isLessThan(1000);
        assertThat(bytes).as("bytes of the hash").isLessThan(1000 + OWNERS * 400L);
        assertThat(acquired).as("seconds until all had acquired").isLessThan(30);
    }
}
