package io.snowline.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.id.IdGenerator;
import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import io.snowline.id.SnowflakeGenerator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Beans that take their IDs from servers. */
class ClientTest {

    @TempDir
    Path directory;

    private final List<String> tokens = new CopyOnWriteArrayList<>();

    @Test
    void theBeansAreTheSameAndNoCoordinatorIsThere() throws IOException {
        LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
        factory.setDirectory(directory.toString());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (NodeCoordinator coordinator = factory.open();
                SnowflakeGenerator orders =
                        SnowflakeGenerator.builder(coordinator, "orders").start()) {
            assertThat(orders.awaitReady(Duration.ofSeconds(30))).isTrue();
            server.createContext("/v1/orders/range", exchange -> answer(exchange, orders));
            server.start();

            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(SnowlineAutoConfiguration.class))
                    .withPropertyValues(
                            "snowline.client.servers=http://127.0.0.1:"
                                    + server.getAddress().getPort(),
                            "snowline.client.token=abcdefghijklmnop",
                            "snowline.client.max-wait=30s",
                            "snowline.client.request-timeout=30s",
                            "snowline.await-ready=30s",
                            "snowline.namespaces=orders")
                    .run(context -> {
                        IdGenerator ids = context.getBean("ordersIdGenerator", IdGenerator.class);
                        assertThat(ids.layout()).isEqualTo(orders.layout());
                        assertThat(ids.nextId()).isLessThan(orders.nextId());
                        assertThat(context).doesNotHaveBean(NodeCoordinator.class);
                        assertThat(tokens).isNotEmpty().containsOnly("Bearer abcdefghijklmnop");
                    });
        } finally {
            server.stop(0);
        }
    }

    /** Answers as a server does, in the binary form. */
    private void answer(HttpExchange exchange, SnowflakeGenerator orders) throws IOException {
        tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
        String query = exchange.getRequestURI().getQuery();
        IdRange range = orders.nextRange(Integer.parseInt(query.substring("count=".length())), Duration.ofSeconds(1));
        IdLayout layout = range.layout();
        byte[] form = ByteBuffer.allocate(48 + "orders".length())
                .putLong(layout.compose(range.position(), range.node()))
                .putLong(range.position())
                .putInt(range.count())
                .putInt(range.node())
                .put((byte) layout.timestampBits())
                .put((byte) layout.nodeBits())
                .put((byte) layout.sequenceBits())
                .put((byte) "orders".length())
                .putInt((int) layout.tick().toMillis())
                .putLong(layout.epoch().toEpochMilli())
                .putLong(60_000)
                .put("orders".getBytes(StandardCharsets.US_ASCII))
                .array();
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.sendResponseHeaders(200, form.length);
        exchange.getResponseBody().write(form);
        exchange.close();
    }
}
