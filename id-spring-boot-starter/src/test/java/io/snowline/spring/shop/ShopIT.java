package io.snowline.spring.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.redis.RedisCoordinatorFactory;
import io.snowline.id.IdFormat;
import io.snowline.id.IdLayout;
import io.snowline.testing.Await;
import io.snowline.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A whole application over HTTP, on a real Redis that is stopped and started. Runs on each line of Spring Boot. */
@Timeout(180)
class ShopIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final RedisServer redis = RedisServer.start();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(Shop.class)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "server.shutdown=graceful",
                        "spring.main.banner-mode=off",
                        "logging.level.root=warn",
                        "spring.datasource.url=jdbc:h2:mem:" + System.nanoTime(),
                        "spring.jpa.hibernate.ddl-auto=create-drop",
                        "management.endpoints.web.exposure.include=*",
                        "management.endpoint.health.show-details=always",
                        "management.endpoint.health.probes.enabled=true",
                        "snowline.coordination.type=redis",
                        "snowline.coordination.uri=" + redis.uri(),
                        "snowline.reservation.ahead=6s",
                        "snowline.reservation.renew-every=1s",
                        "snowline.reservation.takeover-grace=1s",
                        "snowline.namespaces=orders,invoices")
                .run();
    }

    private HttpResponse<String> get(ConfigurableApplicationContext shop, String path) {
        String port = shop.getEnvironment().getProperty("local.server.port");
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitHealth(ConfigurableApplicationContext shop, int status) {
        Await.until(
                "health " + status, SOON, () -> get(shop, "/actuator/health").statusCode() == status);
    }

    @Test
    void everyWayOfStoringRowsGetsItsIds() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("spring-boot.version"));
        try (ConfigurableApplicationContext shop = start()) {
            awaitHealth(shop, 200);

            IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
            for (String path : new String[] {"/id", "/jpa", "/jdbc", "/mybatis"}) {
                String body = get(shop, path).body();
                assertThat(body).as(path).matches("[0-9]{10,19}");
                assertThat(layout.decode(Long.parseLong(body)).node()).as(path).isLessThan(1024);
            }
            assertThat(IdFormat.BASE32.parse(get(shop, "/text").body())).isPositive();
            assertThat(get(shop, "/actuator/prometheus").body())
                    .contains("snowline_issued_total{namespace=\"orders\"} 2.0")
                    .contains("snowline_issued_total{namespace=\"invoices\"} 3.0");
        }
    }

    @Test
    void theEndpointShowsWhoHoldsWhichNodeId() {
        try (ConfigurableApplicationContext shop = start()) {
            awaitHealth(shop, 200);

            assertThat(get(shop, "/actuator/snowline").body())
                    .containsPattern("\"namespace\":\"orders\",\"ready\":true,\"detail\":\"node id [0-9]+")
                    .containsPattern("\"namespace\":\"orders\",\"node\":[0-9]+,\"owner\":\"[0-9a-f]{32}\"")
                    .contains("\"state\":\"held\"");

            redis.kill();

            assertThat(get(shop, "/actuator/snowline").body())
                    .contains("\"nodes\":[]")
                    .contains("\"problem\":\"");
        }
    }

    @Test
    void healthFollowsTheIdsAndNotTheBackend() {
        try (ConfigurableApplicationContext shop = start()) {
            awaitHealth(shop, 200);
            assertThat(get(shop, "/actuator/health").body()).containsPattern("\"orders\":\"node id [0-9]+, good for");

            redis.kill();
            assertThat(get(shop, "/actuator/health").statusCode())
                    .as("the window reaches beyond the failure")
                    .isEqualTo(200);
            awaitHealth(shop, 503);
            assertThat(get(shop, "/id").statusCode()).isEqualTo(500);
            assertThat(get(shop, "/actuator/health/liveness").statusCode()).isEqualTo(200);

            redis.restart();
            awaitHealth(shop, 200);
            assertThat(get(shop, "/id").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anApplicationStartsWhileItsBackendIsAway() {
        redis.kill();
        try (ConfigurableApplicationContext shop = start()) {
            assertThat(get(shop, "/actuator/health").statusCode()).isEqualTo(503);
            assertThat(get(shop, "/actuator/health/liveness").statusCode()).isEqualTo(200);

            redis.restart();
            awaitHealth(shop, 200);
            assertThat(get(shop, "/id").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aRequestInFlightGetsItsIdAndThenTheNodeIdsAreGivenBack() throws Exception {
        ConfigurableApplicationContext shop = start();
        awaitHealth(shop, 200);
        CompletableFuture<HttpResponse<String>> inFlight = CompletableFuture.supplyAsync(() -> get(shop, "/hold"));
        Await.until(
                "the request", SOON, () -> shop.getBean(Shop.Gate.class).entered.get() == 1);

        shop.close();

        assertThat(inFlight.get(30, TimeUnit.SECONDS).body()).matches("[0-9]+");
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setUri(redis.uri());
        try (NodeCoordinator coordinator = factory.open()) {
            assertThat(coordinator.read("orders").nodes().values()).isNotEmpty().allMatch(node -> node.record()
                    .released());
        }
    }
}
