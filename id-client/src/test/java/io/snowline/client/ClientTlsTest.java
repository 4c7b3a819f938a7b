package io.snowline.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snowline.id.IdUnavailableException;
import io.snowline.id.IdUnavailableException.Reason;
import java.io.File;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server over TLS, with a certificate that the JVM does not know. */
@Timeout(60)
class ClientTlsTest {

    private static final char[] PASSWORD = "change-it".toCharArray();

    @TempDir
    Path directory;

    @Test
    void theServerIsTrustedByTheGivenContextAndByNoOther() throws Exception {
        SSLContext context = context();
        try (TestServer server = new TestServer(1, context.getServerSocketFactory());
                SnowlineClient ids = SnowlineClient.builder("orders")
                        .servers("https://127.0.0.1:" + server.port())
                        .sslContext(context)
                        .maxWait(Duration.ofSeconds(20))
                        .requestTimeout(Duration.ofSeconds(10))
                        .start();
                SnowlineClient distrustful = SnowlineClient.builder("orders")
                        .servers("https://127.0.0.1:" + server.port())
                        .requestTimeout(Duration.ofSeconds(10))
                        .start()) {

            assertThat(ids.nextId()).isPositive();

            assertThat(catchThrowableOfType(IdUnavailableException.class, distrustful::nextId)
                            .reason())
                    .isEqualTo(Reason.SERVER_UNAVAILABLE);
        }
    }

    private SSLContext context() throws Exception {
        File store = directory.resolve("key.p12").toFile();
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
        KeyStore keys = KeyStore.getInstance(store, PASSWORD);
        KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        shown.init(keys, PASSWORD);
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(certificates);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }
}
