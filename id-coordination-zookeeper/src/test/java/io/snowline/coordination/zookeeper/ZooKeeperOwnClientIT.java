package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.testing.ZooKeeperServer;
import java.time.Duration;
import java.util.UUID;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A coordinator on a client that the program already has. */
@Timeout(60)
class ZooKeeperOwnClientIT {

    @Test
    void aClientOfTheProgramIsUsedAndLeftOpen() throws Exception {
        try (ZooKeeperServer server = ZooKeeperServer.start();
                CuratorFramework client =
                        CuratorFrameworkFactory.newClient(server.connectString(), new RetryOneTime(100))) {
            client.start();
            NodeCoordinator coordinator = new ZooKeeperCoordinatorFactory().open(client);
            try (SnowflakeGenerator ids = SnowflakeGenerator.builder(coordinator, "leased-" + UUID.randomUUID())
                    .start()) {
                assertThat(ids.awaitReady(Duration.ofSeconds(30))).isTrue();
                assertThat(ids.nextId()).isLessThan(ids.nextId());
            }
            coordinator.close();
            assertThat(client.checkExists().forPath("/snowline")).isNotNull();
        }
    }
}
