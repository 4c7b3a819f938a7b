package com.example.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.RunningServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a third party's coordinator on its class path. */
class MapServerTest {

    @TempDir
    Path directory;

    @Test
    void aServerIssuesOnACoordinatorThatItHasFoundOnItsClassPath() throws Exception {
        String yaml =
                """
                coordination: {type: map, map: orders}
                generators:
                  orders: {}
                  invoices: {mode: recorded, recorded: {ledger: false}}
                """;
        try (RunningServer server = RunningServer.startUnready(directory, yaml)) {
            server.awaitReady();
            assertThat(server.get("/v1/orders/id").statusCode()).isEqualTo(200);
            assertThat(server.get("/v1/invoices/ids?count=3&node=7").statusCode())
                    .isEqualTo(200);
            assertThat(server.admin("/healthcheck").body()).contains("a map in memory");
        }
        assertThat(SharedMap.named("orders").texts).containsKey("orders/record").containsKey("invoices/nodes/7");
    }
}
