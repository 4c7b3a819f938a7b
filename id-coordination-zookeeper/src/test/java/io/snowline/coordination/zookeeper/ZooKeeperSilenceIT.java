package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.testing.Silences;
import io.snowline.testing.ZooKeeperServer;
import io.snowline.testing.ZooKeeperWire;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A single server that cannot be reached for a while, and connections that are lost for good because of that. All
 * settings have their defaults: it is the pauses of ZooKeeper's own client that matter here.
 */
@Timeout(60)
class ZooKeeperSilenceIT {

    /** As in ZooKeeper's sample: sessions last at least twice as long. */
    private static final int TICK_MILLIS = 2_000;

    private static final int CLIENTS = 20;
    private static final Duration BETWEEN_SILENCES = Duration.ofMillis(350);

    @Test
    void howeverLongItWasSilentItIsUsedAgainWithinFiveSeconds() throws Exception {
        try (ZooKeeperServer server = ZooKeeperServer.start(TICK_MILLIS, Map.of())) {
            assertThat(Silences.recoveries(
                            CLIENTS,
                            BETWEEN_SILENCES,
                            () -> ZooKeeperWire.to(server),
                            wire -> Coordination.open(factory -> factory.setConnectString(wire.address()))))
                    .hasSize(CLIENTS)
                    .allSatisfy(recovery -> assertThat(recovery).isLessThan(Coordination.RECOVERY));
        }
    }
}
