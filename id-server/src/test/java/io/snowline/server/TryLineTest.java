package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of the log that say what to try, and where the console is: their URLs lead there, however the server is set up. */
class TryLineTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void withTheDefaultServer() throws Exception {
        assertThat(tried("applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]"))
                .matches("http://127\\.0\\.0\\.1:[0-9]+/v1/default/id");
    }

    @Test
    void onEveryInterface() throws Exception {
        assertThat(tried("applicationConnectors: [{type: http, port: 0}]"))
                .matches("http://localhost:[0-9]+/v1/default/id");
    }

    @Test
    void withAContextPath() throws Exception {
        assertThat(
                        tried(
                                "applicationContextPath: /ids\n  applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]"))
                .matches("http://127\\.0\\.0\\.1:[0-9]+/ids/v1/default/id");
    }

    @Test
    void onIpv6() throws Exception {
        assertThat(tried("applicationConnectors: [{type: http, bindHost: '::1', port: 0}]"))
                .matches("http://\\[::1]:[0-9]+/v1/default/id");
    }

    @Test
    void overTls() throws Exception {
        Certificates certificates = new Certificates(directory.resolve("tls"), "ip:127.0.0.1");
        String connector =
                "applicationConnectors: [{type: https, bindHost: 127.0.0.1, port: 0, tls: {certificate: '%s', key: '%s'}}]"
                        .formatted(certificates.certificate(), certificates.key());
        assertThat(tried(connector, certificates.trust())).matches("https://127\\.0\\.0\\.1:[0-9]+/v1/default/id");
    }

    @Test
    void withASimpleServer() throws Exception {
        assertThat(tried("type: simple\n  connector: {type: http, bindHost: 127.0.0.1, port: 0}"))
                .matches("http://127\\.0\\.0\\.1:[0-9]+/application/v1/default/id");
    }

    @Test
    void withASimpleServerAndAContextPath() throws Exception {
        assertThat(tried("type: simple\n  applicationContextPath: /\n  adminContextPath: /admin\n"
                        + "  connector: {type: http, bindHost: 127.0.0.1, port: 0}"))
                .matches("http://127\\.0\\.0\\.1:[0-9]+/v1/default/id");
    }

    @Test
    void withoutAnAdministrativePortThereIsNoConsole() throws Exception {
        String server = "applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]\n  adminConnectors: []";
        assertThat(tried(server)).endsWith("/v1/default/id");
        assertThat(read(directory.resolve("log.txt"))).doesNotContain("Console:");
    }

    private String tried(String server) throws Exception {
        return tried(server, new TlsSettings());
    }

    /** Starts a server and fetches what its log says to try, until there is an ID; returns the URL. */
    private String tried(String serverYaml, TlsSettings client) throws Exception {
        Path log = directory.resolve("log.txt");
        boolean hasOne = !serverYaml.contains("adminConnectors");
        String administration = serverYaml.startsWith("type: simple") || !hasOne
                ? ""
                : "  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]\n";
        Path configuration = Files.writeString(
                directory.resolve("config.yml"),
                """
                coordination: {type: local, directory: '%s'}
                logging: {appenders: [{type: file, currentLogFilename: '%s', archive: false}]}
                server:
                  %s
                %s"""
                        .formatted(directory.resolve("data"), log, serverYaml, administration));
        DropwizardTestSupport<SnowlineConfiguration> server =
                new DropwizardTestSupport<>(SnowlineApplication.class, configuration.toString());
        server.before();
        try {
            Await.until("the line", SOON, () -> read(log).contains("Try: curl "));
            HttpClient http =
                    HttpClient.newBuilder().sslContext(client.context()).build();
            URI url = found(log, "Try: curl (\\S+)");
            if (hasOne) {
                assertThat(status(http, found(log, "Console: (\\S+)"))).isEqualTo(200);
            }
            Await.until("an ID at " + url, SOON, () -> status(http, url) == 200);
            return url.toString();
        } finally {
            server.after();
        }
    }

    private static URI found(Path log, String pattern) {
        Matcher line = Pattern.compile(pattern).matcher(read(log));
        assertThat(line.find()).as(pattern).isTrue();
        return URI.create(line.group(1));
    }

    private static String read(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int status(HttpClient http, URI url) {
        try {
            HttpRequest request = HttpRequest.newBuilder(url).timeout(SOON).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
