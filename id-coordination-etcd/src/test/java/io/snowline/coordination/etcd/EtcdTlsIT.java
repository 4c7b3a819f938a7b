package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.support.TlsSettings;
import io.snowline.testing.EtcdServer;
import io.snowline.testing.Troubles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of the server and of the client. */
@Timeout(60)
class EtcdTlsIT {

    private static final String UNTRUSTED = "could not be trusted, or does not trust us: ";

    @TempDir
    private Path directory;

    @Test
    void aServerIsTrustedByItsCaAndByNothingElse() {
        Certificates certificates = Certificates.make(directory, "ip:127.0.0.1");
        try (EtcdServer server = certificates.startServer();
                Coordination trusting = open(server.endpoint(), certificates.trust());
                Coordination distrusting = open(server.endpoint(), new TlsSettings());
                Coordination plain = open("http://" + server.address(), null)) {
            trusting.create();
            trusting.coordinator().advisories();
            assertUnavailable(distrusting, UNTRUSTED);
            assertUnavailable(distrusting, "check tls.ca, tls.certificate, the names in the server's certificate");
            assertUnavailable(plain, "check endpoints, and whether they are http or https");
        }
    }

    @Test
    void aPlainServerIsNoServerForTls() {
        try (EtcdServer server = EtcdServer.start();
                Coordination secure = open("https://" + server.address(), new TlsSettings())) {
            assertUnavailable(secure, "etcd at https://" + server.address());
            assertUnavailable(secure, UNTRUSTED);
        }
    }

    @Test
    void aCertificateOfAnotherHostIsRefusedUnlessItsNameIsGiven() {
        Certificates certificates = Certificates.make(directory, "dns:etcd.example.com");
        TlsSettings named = certificates.trust();
        named.setAuthority("etcd.example.com");
        try (EtcdServer server = certificates.startServer();
                Coordination careful = open(server.endpoint(), certificates.trust());
                Coordination told = open(server.endpoint(), named)) {
            assertUnavailable(careful, UNTRUSTED);
            told.create();
        }
    }

    @Test
    void aServerThatAsksForACertificateGetsOurs() {
        Certificates certificates = Certificates.make(directory, "ip:127.0.0.1");
        try (EtcdServer server = certificates.startServerForKnownClients();
                Coordination known = open(server.endpoint(), certificates.trustAndShow());
                Coordination knownByPem = open(server.endpoint(), certificates.trustAndShowPem());
                Coordination unknown = open(server.endpoint(), certificates.trust())) {
            known.create();
            knownByPem.create();
            assertUnavailable(unknown, "etcd at " + server.endpoint());
        }
    }

    private static Coordination open(String endpoint, TlsSettings tls) {
        return Coordination.open(factory -> {
            factory.setEndpoints(List.of(endpoint));
            factory.setTls(tls);
        });
    }

    private static void assertUnavailable(Coordination coordination, String message) {
        assertThatThrownBy(coordination::create, message)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message)
                .satisfies(e -> new Troubles("etcd.md").requireTold(String.valueOf(e.getMessage())));
    }
}
