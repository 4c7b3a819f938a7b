package io.snowline.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.RawRequest;
import io.snowline.server.testing.RunningServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests the administrative port answers. */
class AdminGuardTest {

    private static RunningServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory, "admin: {hosts: [Ids.example.com]}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String asked(String path, String host, String... headers) throws IOException {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        try (RawRequest request = new RawRequest(server.adminPort())) {
            return request.send(
                            "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n".formatted(path, host, more))
                    .answer();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8081",
                "a.localhost",
                "LOCALHOST",
                "127.0.0.1:1",
                "10.0.0.7",
                "[::1]:8081",
                "ids.example.com",
                "IDS.example.com:8081"
            })
    void itsOwnNamesAndAddressesAreServed(String host) throws IOException {
        assertThat(asked("/ping", host)).startsWith("HTTP/1.1 200 ");
        assertThat(asked("/ping", host, "Origin: http://" + host, "Sec-Fetch-Site: same-origin"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rebind.evil.example", "localhost.evil.example", "1.2.3.4.evil.example", "ids.example.com.evil"})
    void aNameOfSomebodyElsesIsNot(String host) throws IOException {
        assertThat(asked("/healthcheck", host))
                .startsWith("HTTP/1.1 403 ")
                .contains("Host must be localhost, an IP address or one of admin.hosts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: https://localhost",
                "Origin: http://localhost:1",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site"
            })
    void aPageOfAnotherOriginIsNot(String header) throws IOException {
        assertThat(asked("/nodes", "localhost", header)).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void tasksAreOff() throws IOException {
        assertThat(asked("/tasks", "localhost")).startsWith("HTTP/1.1 404 ");
        try (RawRequest request = new RawRequest(server.adminPort())) {
            assertThat(request.sendLine("POST /tasks/gc HTTP/1.1", "Content-Length: 0")
                            .answer())
                    .startsWith("HTTP/1.1 404 ")
                    .contains("tasks are off; to serve them, set admin.serveTasks to true");
        }
    }

    @Test
    void tasksAreServedWhereTheyAreAskedFor(@TempDir Path directory) throws Exception {
        try (RunningServer open = RunningServer.start(directory, "admin: {serveTasks: true}");
                RawRequest request = new RawRequest(open.adminPort())) {
            assertThat(request.sendLine("POST /tasks/gc HTTP/1.1", "Content-Length: 0")
                            .answer())
                    .startsWith("HTTP/1.1 200 ");
        }
    }
}
