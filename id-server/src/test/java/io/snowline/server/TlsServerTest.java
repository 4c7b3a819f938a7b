package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.testing.DropwizardTestSupport;
import io.snowline.coordination.support.TlsSettings;
import io.snowline.server.config.SnowlineConfiguration;
import io.snowline.testing.Await;
import io.snowline.testing.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS: with key stores and PEM files, which are exchanged while the server runs, and with clients' certificates. */
class TlsServerTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private interface Check {
        void run(URI ids) throws Exception;
    }

    private void with(String tls, Check check) throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("config.yml"),
                """
                coordination: {type: local, directory: '%s'}
                logging: {level: WARN}
                server:
                  applicationConnectors: [{type: https, bindHost: 127.0.0.1, port: 0, %s}]
                  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
                """
                        .formatted(directory.resolve("data"), tls));
        DropwizardTestSupport<SnowlineConfiguration> server =
                new DropwizardTestSupport<>(SnowlineApplication.class, configuration.toString());
        server.before();
        try {
            check.run(URI.create("https://127.0.0.1:" + server.getLocalPort() + "/v1/default/id"));
        } finally {
            server.after();
        }
    }

    private static HttpResponse<String> get(URI uri, TlsSettings client) throws IOException, InterruptedException {
        return HttpClient.newBuilder()
                .sslContext(client.context())
                .build()
                .send(HttpRequest.newBuilder(uri).timeout(SOON).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Tells whether a client that trusts a certificate gets an answer. */
    private static boolean trusted(URI uri, Certificates server) {
        try {
            return get(uri, server.trust()).statusCode() > 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void replace(String from, String to) {
        try {
            Files.copy(Path.of(from), Path.of(to), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void pemFilesAreServedAndExchanged() throws Exception {
        Certificates first = new Certificates(directory.resolve("first"), "ip:127.0.0.1");
        Certificates second = new Certificates(directory.resolve("second"), "ip:127.0.0.1");
        with("tls: {certificate: '%s', key: '%s'}".formatted(first.certificate(), first.key()), ids -> {
            assertThat(trusted(ids, first)).isTrue();
            assertThat(trusted(ids, second)).isFalse();

            replace(second.key(), first.key());
            replace(second.certificate(), first.certificate());

            Await.until("the new certificate", SOON, () -> trusted(ids, second));
        });
    }

    @Test
    void aKeyStoreIsExchangedAndABrokenOneChangesNothing() throws Exception {
        Certificates first = new Certificates(directory.resolve("first"), "ip:127.0.0.1");
        Certificates second = new Certificates(directory.resolve("second"), "ip:127.0.0.1");
        Path store = Files.copy(Path.of(first.keyStore()), directory.resolve("store.p12"));
        with("keyStorePath: '%s', keyStorePassword: '%s'".formatted(store, Certificates.PASSWORD), ids -> {
            assertThat(trusted(ids, first)).isTrue();

            Files.writeString(store, "no key store");
            long deadline = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            while (System.nanoTime() - deadline < 0) { // it is looked at once a second
                assertThat(trusted(ids, first)).isTrue();
            }

            replace(second.keyStore(), store.toString());
            Await.until("the new certificate", SOON, () -> trusted(ids, second));
        });
    }

    @Test
    void clientsMayHaveToShowACertificate() throws Exception {
        Certificates server = new Certificates(directory.resolve("server"), "ip:127.0.0.1");
        Certificates client = new Certificates(directory.resolve("client"), "ip:127.0.0.1");
        TlsSettings showing = new TlsSettings();
        showing.setCa(server.certificate());
        showing.setCertificate(client.certificate());
        showing.setKey(client.key());
        String tls = "needClientAuth: true, tls: {certificate: '%s', key: '%s', ca: '%s'}"
                .formatted(server.certificate(), server.key(), client.certificate());
        with(tls, ids -> {
            assertThat(get(ids, showing).statusCode()).isIn(200, 503); // the latter while it is starting
            assertThatThrownBy(() -> get(ids, server.trust())).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> get(ids, server.trustAndShow())).isInstanceOf(IOException.class);
        });
    }
}
