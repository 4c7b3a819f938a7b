package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.testing.EtcdServer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A coordinator on a client that the program already has. */
@Timeout(60)
class EtcdOwnClientIT {

    @Test
    void aClientOfTheProgramIsUsedAndLeftOpen() throws Exception {
        EtcdServer server = EtcdServer.shared();
        try (Client client = Client.builder()
                .endpoints(server.endpoint())
                .waitForReady(false)
                .retryMaxAttempts(0)
                .build()) {
            EtcdCoordinatorFactory factory = new EtcdCoordinatorFactory();
            factory.setEndpoints(List.of(server.endpoint()));
            NodeCoordinator coordinator = factory.open(client);
            try (SnowflakeGenerator ids = SnowflakeGenerator.builder(coordinator, "leased-" + UUID.randomUUID())
                    .start()) {
                assertThat(ids.awaitReady(Duration.ofSeconds(30))).isTrue();
                assertThat(ids.nextId()).isLessThan(ids.nextId());
            }
            assertThat(coordinator.advisories()).isNotNull();
            coordinator.close();
            assertThat(client.getKVClient()
                            .get(EtcdKeys.bytes("/snowline/.identity"))
                            .get(10, TimeUnit.SECONDS)
                            .getCount())
                    .isEqualTo(1);
        }
    }
}
