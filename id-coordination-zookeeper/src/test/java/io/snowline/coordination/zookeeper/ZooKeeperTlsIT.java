package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.testing.ZooKeeperServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.curator.test.InstanceSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections with certificates. */
@Timeout(60)
class ZooKeeperTlsIT {

    private static Certificates certificates;
    private static Certificates ofAnotherHost;
    private final Properties before = (Properties) System.getProperties().clone();
    private final int port = InstanceSpec.getRandomPort();

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) {
        certificates = Certificates.of(directory.resolve("right"), "ip:127.0.0.1,dns:localhost");
        ofAnotherHost = Certificates.of(directory.resolve("other"), "dns:zk.example.com");
    }

    /** A server turns its configuration into system properties of this process. */
    @AfterEach
    void forgetTheConfiguration() {
        System.setProperties(before);
    }

    private ZooKeeperServer startServer(Certificates shown, boolean askClients) {
        return ZooKeeperServer.start(-1, shown.serverProperties(port, askClients));
    }

    private static Coordination open(int toPort, Consumer<ZooKeeperCoordinatorFactory> settings) {
        return Coordination.open(settings.andThen(factory -> {
            factory.setConnectString("127.0.0.1:" + toPort);
            factory.setConnectTimeout(Duration.ofSeconds(2));
        }));
    }

    @Test
    void stepsWorkOverTls() {
        try (ZooKeeperServer server = startServer(certificates, false);
                Coordination coordination = open(port, certificates::trust)) {
            coordination.create();
            assertThat(coordination.reserve(7, 10).applied()).isTrue();
            assertThat(server.port()).isNotEqualTo(port);
        }
    }

    @Test
    void aCertificateThatIsNotTrustedIsNamed() {
        try (ZooKeeperServer server = startServer(certificates, false);
                Coordination coordination = open(port, ofAnotherHost::trust)) {
            assertUnavailable(coordination, ": its certificate is not accepted: PKIX path ");
            assertThat(server.port()).isNotEqualTo(port);
        }
    }

    @Test
    void aCertificateOfAnotherHostIsNamed() {
        try (ZooKeeperServer server = startServer(ofAnotherHost, false);
                Coordination coordination = open(port, ofAnotherHost::trust)) {
            assertUnavailable(coordination, ": its certificate is not accepted: No ");
            assertThat(server.port()).isNotEqualTo(port);
        }
    }

    @Test
    void aServerThatAsksForACertificateGetsIt() {
        try (ZooKeeperServer server = startServer(certificates, true);
                Coordination showing = open(port, certificates::trustAndShow);
                Coordination showingPem = open(port, certificates::trustAndShowPem)) {
            showing.create();
            showingPem.create();
            assertThat(server.port()).isNotEqualTo(port);
        }
    }

    @Test
    void wherePlainAndTlsMeetItIsSaid() {
        try (ZooKeeperServer server = startServer(certificates, false);
                Coordination plainToTls = open(port, factory -> {});
                Coordination tlsToPlain = open(server.port(), certificates::trust)) {
            assertUnavailable(plainToTls, "takes connections and gives no session (it has no quorum, or speaks TLS");
            assertUnavailable(tlsToPlain, "127.0.0.1:%d: no ".formatted(server.port()));
        }
    }

    private static void assertUnavailable(Coordination coordination, String message) {
        assertThatThrownBy(coordination::read)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message);
    }
}
