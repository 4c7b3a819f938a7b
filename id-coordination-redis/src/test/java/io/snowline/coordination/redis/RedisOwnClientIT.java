package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.testing.RedisServer;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.RedisClient;

/** A coordinator on a client that the program already has. */
@Timeout(60)
class RedisOwnClientIT {

    @Test
    void aClientOfTheProgramIsUsedAndLeftOpen() {
        try (RedisServer server = RedisServer.start();
                RedisClient client = RedisClient.create(server.uri())) {
            NodeCoordinator coordinator = new RedisCoordinatorFactory().open(client);
            Coordination coordination = new Coordination(coordinator, "test-" + UUID.randomUUID());
            coordination.create();
            assertThat(coordination.reserve(7, 10).applied()).isTrue();
            server.restart();
            coordination.readOnceRecovered(Coordination.RECOVERY);
            coordinator.close();
            assertThat(client.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void generatorsIssueOverIt() throws Exception {
        try (RedisClient client = RedisClient.create(RedisServer.shared().uri());
                NodeCoordinator coordinator = new RedisCoordinatorFactory().open(client);
                SnowflakeGenerator ids = SnowflakeGenerator.builder(coordinator, "leased-" + UUID.randomUUID())
                        .start();
                RecordedIdGenerator recorded = RecordedIdGenerator.builder(coordinator, "recorded-" + UUID.randomUUID())
                        .maxWait(Duration.ofSeconds(30))
                        .start()) {
            assertThat(ids.awaitReady(Duration.ofSeconds(30))).isTrue();
            assertThat(ids.nextId()).isLessThan(ids.nextId());
            assertThat(recorded.recordedAt(recorded.nextId())).isPresent();
        }
    }
}
