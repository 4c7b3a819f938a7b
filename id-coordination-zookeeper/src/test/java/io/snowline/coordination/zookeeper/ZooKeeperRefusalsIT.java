package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.testing.Troubles;
import io.snowline.testing.ZooKeeperServer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that are there and take no session of this process. */
@Timeout(60)
class ZooKeeperRefusalsIT {

    private static final String ENFORCE = "enforce.auth.enabled";
    private static final String SCHEMES = "enforce.auth.schemes";

    /** The server inside this process takes these settings from system properties. */
    @AfterEach
    void clearProperties() {
        System.clearProperty("zookeeper." + ENFORCE);
        System.clearProperty("zookeeper." + SCHEMES);
    }

    @Test
    void aServerThatHasAllConnectionsItTakesFromThisAddressIsToldApart() {
        try (ZooKeeperServer full = ZooKeeperServer.startWithConnections(1);
                Coordination first = open(full, factory -> {});
                Coordination second = open(full, factory -> factory.setConnectTimeout(Duration.ofMillis(700)))) {
            first.create();
            assertUnavailable(
                    second,
                    "ZooKeeper at %1$s could not be reached within connectTimeout, 700 ms: %1$s: hangs up at once (it has maxClientCnxns connections from this address already, 60 unless set)"
                            .formatted(full.connectString()));
        }
    }

    @Test
    void aServerThatWantsALoginSaysSo() {
        try (ZooKeeperServer closed = ZooKeeperServer.start(-1, Map.of(ENFORCE, "true", SCHEMES, "digest"));
                Coordination without = open(closed, factory -> {});
                Coordination with = open(closed, factory -> {
                    factory.setUsername("ids");
                    factory.setPassword("s3cret");
                })) {
            assertUnavailable(
                    without,
                    "ZooKeeper at %s wants a login (SESSIONCLOSEDREQUIRESASLAUTH); set username and password"
                            .formatted(closed.connectString()));
            with.create();
        }
    }

    private static Coordination open(ZooKeeperServer server, Consumer<ZooKeeperCoordinatorFactory> settings) {
        return Coordination.open(settings.andThen(factory -> factory.setConnectString(server.connectString())));
    }

    private static void assertUnavailable(Coordination coordination, String message) {
        assertThatThrownBy(coordination::read)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessage(message)
                .satisfies(e -> new Troubles("zookeeper.md").requireTold(String.valueOf(e.getMessage())));
    }
}
