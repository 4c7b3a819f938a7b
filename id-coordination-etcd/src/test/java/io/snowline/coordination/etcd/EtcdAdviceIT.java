package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.support.Login;
import io.snowline.testing.EtcdServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator is told, with thresholds that a test can reach. */
@Timeout(60)
class EtcdAdviceIT {

    private static final int REVISIONS = 50;

    @Test
    void aStoreThatWasNeverCompactedIsToldOnceItHasManyRevisions() {
        try (EtcdServer server = EtcdServer.start();
                EtcdBackend backend = backend(server)) {
            EtcdAdvice advice = new EtcdAdvice(backend, "/snowline", Long.MAX_VALUE, REVISIONS);
            assertThat(advice.get()).isEmpty();
            for (int i = 0; i < REVISIONS; i++) {
                server.put("/elsewhere", "" + i);
            }
            assertThat(advice.get())
                    .singleElement()
                    .asString()
                    .startsWith(backend + " has kept all of its ")
                    .contains("auto-compaction-retention");
            server.ask(client -> client.getKVClient().compact(REVISIONS / 2));
            assertThat(advice.get()).isEmpty();
        }
    }

    @Test
    void aLargeDatabaseAndAFullOneAreTold() {
        try (EtcdServer server = EtcdServer.start("--quota-backend-bytes", "1000000");
                EtcdBackend backend = backend(server);
                Coordination coordination = Coordination.open(server)) {
            coordination.create();
            assertThat(new EtcdAdvice(backend, "/snowline", 1, Long.MAX_VALUE).get())
                    .singleElement()
                    .asString()
                    .startsWith("the database of " + backend + " has ");
            fill(server);
            assertThatThrownBy(() -> coordination.reserve(1, 10))
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining(" is full and takes no writes: ");
            assertThat(coordination.read().namespace()).isPresent();
            assertThat(coordination.coordinator().advisories())
                    .singleElement()
                    .asString()
                    .startsWith(backend + " has the alarm NOSPACE");
        }
    }

    private static void fill(EtcdServer server) {
        String much = "x".repeat(100_000);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        server.put("/elsewhere/" + i, much);
                    }
                })
                .hasMessageContaining("space exceeded");
    }

    private static EtcdBackend backend(EtcdServer server) {
        List<Endpoint> endpoints = List.of(Endpoint.parse(server.endpoint()));
        Duration timeout = Duration.ofSeconds(2);
        return new EtcdBackend(new Connector(endpoints, new Login(null, null), null, timeout, timeout, null));
    }
}
