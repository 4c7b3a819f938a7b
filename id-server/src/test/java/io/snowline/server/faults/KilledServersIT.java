package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.Backend;
import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are killed and restarted immediately, over and over. */
@Tag("faults")
@ExtendWith(FaultTable.class)
@Timeout(600)
class KilledServersIT {

    private static final Duration STARTED = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Tag("T05")
    @ParameterizedTest
    @ValueSource(strings = {"local"})
    void killedAFewTimesNoServerRepeatsAnId(String type) throws Exception {
        killed(type, 3);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    void killedOverAndOverNoServerRepeatsAnId(String type) throws Exception {
        killed(type, 10);
    }

    private void killed(String type, int kills) throws Exception {
        try (Backend backend = Backend.start(type, directory)) {
            String yaml = backend.yaml() + "\ngenerators: {default: {lanes: 4, " + FaultRun.layout(8) + "}}";
            String fault = FaultRun.times("kill -9 and instant restart", kills);
            try (FaultRun run = FaultRun.of(fault, backend.toString(), directory)
                    .severalLanes()
                    .start(yaml, yaml)) {
                for (int i = 0; i < kills; i++) {
                    ServerProcess victim = run.server(i % 2);
                    long before = victim.pid();
                    victim.kill();
                    victim.restart();
                    assertThat(victim.pid()).isNotEqualTo(before);
                    run.awaitRecovery(STARTED);
                }
                assertThat(acquisitions(run.server(0))).isGreaterThan(kills / 2L);
                run.finish("starting"); // etcd's client takes some time to connect, and the server is up before that
            }
        }
    }

    private static long acquisitions(ServerProcess server) {
        return server.log()
                .lines()
                .filter(line -> line.contains("acquired node id"))
                .count();
    }
}
