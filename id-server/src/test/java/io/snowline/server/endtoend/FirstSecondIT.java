package io.snowline.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.Backend;
import io.snowline.server.testing.FaultTable;
import io.snowline.server.testing.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers on a namespace that never existed: from the first second on they serve as well as later. */
@ExtendWith(FaultTable.class)
@Timeout(180)
class FirstSecondIT {

    private static final Duration CLOSE_TO_NOW = Duration.ofMillis(50);
    private static final int KILLS = 10;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"local", "redis", "zookeeper", "etcd"})
    void theFirstSecondOfANewNamespaceCountsAsAnyOther(String type) throws Exception {
        try (Backend backend = Backend.start(type, directory)) {
            if (type.equals("redis")) { // which cannot tell a new namespace from a lost one
                create(backend);
            }
            try (FreshServers servers = FreshServers.start(directory, yaml(backend))) {
                servers.assertThatFirstIdsCarryThePresent(CLOSE_TO_NOW);
                servers.pass(Duration.ofSeconds(5));
                backend.takeAway();
                servers.pass(Duration.ofSeconds(15));
                servers.assertThatTheyWereDrainedAtFullSpeed();
                servers.assertThatEachSaid("did not answer");
                backend.giveBack();
                servers.pass(Duration.ofSeconds(1));
                servers.assertThatNothingWasRefused();
                servers.killAndRestart(KILLS);
                servers.assertThatNothingWasRefused();
                servers.finish(
                        "new namespace, backend away from second 5 to 20, then kill -9 and instant restart, 10 times",
                        backend.toString());
            }
        }
    }

    /** The namespace counts as lost: its first IDs are early and its windows short, but callers notice neither. */
    @Test
    void onARedisThatWasToldNothingNoRequestIsRefusedEither() throws Exception {
        try (Backend backend = Backend.start("redis", directory);
                FreshServers servers = FreshServers.start(directory, yaml(backend))) {
            servers.pass(Duration.ofSeconds(20));
            servers.assertThatNothingWasRefused();
            servers.killAndRestart(KILLS);
            servers.assertThatNothingWasRefused();
            servers.finish(
                    "new namespace without `create`, then kill -9 and instant restart, 10 times", backend.toString());
        }
    }

    private void create(Backend backend) throws Exception {
        Files.writeString(directory.resolve("config.yml"), yaml(backend));
        ServerProcess.Result created = ServerProcess.run(directory, "create", "config.yml");
        assertThat(created.status()).as(created.err()).isZero();
    }

    private static String yaml(Backend backend) {
        return backend.yaml() + "\nreservation: {ahead: 30s}\n" + FreshServers.generators() + "\n";
    }
}
