package io.snowline.dropwizard;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.testing.DropwizardTestSupport;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.redis.RedisCoordinatorFactory;
import io.snowline.id.IdLayout;
import io.snowline.id.NodeLine;
import io.snowline.testing.Await;
import io.snowline.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Dropwizard application whose Redis is killed and started again. */
@Timeout(180)
class RedisAwayIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private DropwizardTestSupport<Shop.Settings> start(RedisServer redis) throws Exception {
        return Shop.start(
                directory,
                """
                snowline:
                  coordination: {type: redis, uri: '%s'}
                  reservation: {ahead: 2s, renewEvery: 100ms}
                  generators: {orders: {}}
                """
                        .formatted(redis.uri()));
    }

    private static HealthCheck.Result health(DropwizardTestSupport<Shop.Settings> shop, String name) {
        return shop.getEnvironment().healthChecks().runHealthCheck(name);
    }

    @Test
    void healthFollowsTheIdsAndNotTheBackend() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            DropwizardTestSupport<Shop.Settings> shop = start(redis);
            try {
                Await.until("IDs", SOON, () -> health(shop, "lease-orders").isHealthy());
                assertThat(Shop.ask(shop.getLocalPort(), "/orders").statusCode())
                        .isEqualTo(200);

                redis.kill();
                Await.until("word of it", SOON, () -> health(shop, "coordinator")
                        .getMessage()
                        .contains(" is away: "));
                Await.until("the window's end", SOON, () -> !health(shop, "lease-orders")
                        .isHealthy());
                assertThat(Shop.ask(shop.getAdminPort(), "/healthcheck").statusCode())
                        .isEqualTo(500);
                assertThat(health(shop, "coordinator").isHealthy()).isTrue();

                redis.restart();
                Await.until(
                        "IDs again", SOON, () -> health(shop, "lease-orders").isHealthy());
                assertThat(Shop.ask(shop.getLocalPort(), "/orders").statusCode())
                        .isEqualTo(200);
            } finally {
                shop.after();
            }
        }
    }

    @Test
    void theStopGivesTheNodeIdBack() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            DropwizardTestSupport<Shop.Settings> shop = start(redis);
            Await.until("IDs", SOON, () -> health(shop, "lease-orders").isHealthy());
            assertThat(nodes(redis)).extracting(NodeLine::state).containsExactly("held");

            shop.after();
            assertThat(nodes(redis)).extracting(NodeLine::state).containsExactly("free");
        }
    }

    private static List<NodeLine> nodes(RedisServer redis) {
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setUri(redis.uri());
        try (NodeCoordinator coordinator = factory.open()) {
            return NodeLine.read(coordinator, "orders", IdLayout.classic(IdLayout.DEFAULT_EPOCH));
        }
    }
}
