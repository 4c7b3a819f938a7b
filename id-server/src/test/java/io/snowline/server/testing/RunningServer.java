package io.snowline.server.testing;

import io.dropwizard.testing.DropwizardTestSupport;
import io.snowline.server.SnowlineApplication;
import io.snowline.server.config.SnowlineConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A server inside this process, on the local coordinator and on ports that the system chooses. Each answer of its
 * application is checked against the description of the calls.
 *
 * <p>Thread-safe.
 */
public final class RunningServer implements AutoCloseable {

    private static final ApiContract CONTRACT = new ApiContract();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final DropwizardTestSupport<SnowlineConfiguration> support;

    private RunningServer(Path configuration) throws Exception {
        support = new DropwizardTestSupport<>(SnowlineApplication.class, configuration.toString());
        support.before();
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @param directory where its configuration and records are
     * @param yaml its configuration, without {@code coordination} and {@code server}
     */
    public static RunningServer start(Path directory, String yaml) throws Exception {
        return start(directory, yaml, "maxThreads: 256");
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @param directory where its configuration and records are
     * @param yaml its configuration, without {@code coordination} and {@code server}
     * @param serverLine a key of the {@code server} block
     */
    public static RunningServer start(Path directory, String yaml, String serverLine) throws Exception {
        RunningServer server = startUnready(
                directory,
                """
                coordination: {type: local, directory: '%s'}
                """
                                .formatted(directory.resolve("data"))
                        + yaml,
                serverLine,
                0,
                0);
        server.awaitReady();
        return server;
    }

    /** Starts a server without waiting until it is ready, on a configuration without {@code server}. */
    public static RunningServer startUnready(Path directory, String yaml) throws Exception {
        return startUnready(directory, yaml, "maxThreads: 256", 0, 0);
    }

    /** Starts a server on ports of the caller's choice, of which 0 is any, without waiting until it is ready. */
    public static RunningServer startUnready(Path directory, String yaml, int port, int adminPort) throws Exception {
        return startUnready(directory, yaml, "maxThreads: 256", port, adminPort);
    }

    private static RunningServer startUnready(Path directory, String yaml, String serverLine, int port, int adminPort)
            throws Exception {
        String all = yaml
                + """

                server:
                  %s
                  applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %s}]
                  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: %s}]
                """
                        .formatted(serverLine, port, adminPort);
        return new RunningServer(Files.writeString(directory.resolve("config.yml"), all));
    }

    /** Waits until the server can issue IDs of all its namespaces. */
    public void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (admin("/healthcheck").statusCode() != 200) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the server must be ready, but its health is "
                        + admin("/healthcheck").body());
            }
            Thread.sleep(20); // a lease is acquired within a few steps on the disk
        }
    }

    /** Returns the port of the application. */
    public int port() {
        return support.getLocalPort();
    }

    /** Returns the port of the administration. */
    public int adminPort() {
        return support.getAdminPort();
    }

    /** Asks the application. */
    public HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, headers);
    }

    /** Sends a request without a body to the application. */
    public HttpResponse<String> send(String method, String path, String... headers) {
        HttpResponse<String> answer = send(request(method, path, headers), HttpResponse.BodyHandlers.ofString());
        CONTRACT.check(method, answer.uri(), answer.statusCode(), answer.headers(), answer.body());
        return answer;
    }

    /** Asks the application for bytes. */
    public HttpResponse<byte[]> bytes(String path, String... headers) {
        HttpResponse<byte[]> answer = send(request("GET", path, headers), HttpResponse.BodyHandlers.ofByteArray());
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        CONTRACT.check("GET", answer.uri(), answer.statusCode(), answer.headers(), body);
        return answer;
    }

    /** Asks the administration. */
    public HttpResponse<String> admin(String path) {
        return admin("GET", path);
    }

    /** Sends a request without a body to the administration. */
    public HttpResponse<String> admin(String method, String path, String... headers) {
        URI uri = URI.create("http://127.0.0.1:" + support.getAdminPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
        return send(
                headers.length == 0 ? request.build() : request.headers(headers).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(20));
        return headers.length == 0 ? request.build() : request.headers(headers).build();
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return http.send(request, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        support.after();
    }
}
