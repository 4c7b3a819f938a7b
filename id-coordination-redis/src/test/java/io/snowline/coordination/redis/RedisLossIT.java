package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Stored;
import io.snowline.testing.RedisReplication;
import io.snowline.testing.RedisServer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every event that may lose acknowledged writes becomes visible: the identity is another, or the namespace is gone (C3,
 * P8).
 */
@Timeout(60)
class RedisLossIT {

    @Test
    void aRestartEmptyShows() {
        try (RedisServer server = RedisServer.start();
                Coordination coordination = Coordination.open(server)) {
            Stored<NamespaceRecord> namespace = coordination.create();
            server.kill();
            server.restartEmpty();

            assertThat(coordination.readOnceRecovered(Coordination.RECOVERY).namespace())
                    .isEmpty();
            assertStale(coordination, namespace);
        }
    }

    @Test
    void aRestartWithEverythingStillThereShowsToo() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                Coordination coordination = Coordination.open(server)) {
            Stored<NamespaceRecord> namespace = coordination.create();
            server.kill();
            server.restart();

            assertThat(coordination.readOnceRecovered(Coordination.RECOVERY).namespace())
                    .contains(namespace);
            assertStale(coordination, namespace);
        }
    }

    @Test
    void aRestartFromAnOldSnapshotShows() {
        try (RedisServer server = RedisServer.start();
                Coordination coordination = Coordination.open(server)) {
            Stored<NamespaceRecord> namespace = coordination.create();
            coordination.reserve(1, 100);
            server.command("SAVE");
            coordination.reserve(1, 200);
            server.kill();
            server.restart();

            assertThat(coordination
                            .readOnceRecovered(Coordination.RECOVERY)
                            .node(1)
                            .orElseThrow()
                            .record()
                            .end())
                    .isEqualTo(100);
            assertStale(coordination, namespace);
        }
    }

    @Test
    void aFlushTakesTheNamespaceAndKeepsTheIdentity() {
        try (RedisServer server = RedisServer.start();
                Coordination coordination = Coordination.open(server)) {
            Stored<NamespaceRecord> namespace = coordination.create();
            coordination.reserve(1, 100);
            server.command("FLUSHALL");

            assertThat(coordination.read().namespace()).isEmpty();
            assertThat(coordination.read().nodes()).isEmpty();
            assertThat(coordination.read().identity())
                    .isEqualTo(namespace.record().identity());
            assertStale(coordination, namespace);
        }
    }

    @Test
    void failingOverAndBackWithoutARestartShowsBothTimes() {
        try (RedisReplication replication = RedisReplication.start(1, 0)) {
            RedisServer one = replication.servers().get(0);
            RedisServer other = replication.servers().get(1);
            try (Coordination onOne = Coordination.open(one);
                    Coordination onOther = Coordination.open(other)) {
                String first = onOne.create().record().identity();
                other.command("REPLICAOF", "NO", "ONE");
                one.command("REPLICAOF", other.host(), "" + other.port());
                String second = onOther.read().identity();
                RedisReplication.awaitReplicas(other, 1);
                one.command("REPLICAOF", "NO", "ONE");
                String third = onOne.readOnceRecovered(Coordination.RECOVERY).identity();

                assertThat(third).isNotEqualTo(first).isNotEqualTo(second);
                assertThat(second).isNotEqualTo(first);
                assertThat(runId(third)).as("the same process as at first").isEqualTo(runId(first));
            }
        }
    }

    private static String runId(String identity) {
        return identity.substring(0, identity.indexOf(':'));
    }

    /** A step that is based on a read before the loss must be refused. */
    private static void assertStale(Coordination coordination, Stored<NamespaceRecord> namespace) {
        Replaced stale = coordination.replace(Replacement.ofNode(
                namespace.record().identity(), namespace, Optional.empty(), Coordination.node(2, 10)));
        assertThat(stale.applied()).isFalse();
        assertThat(coordination.read().node(2)).isEmpty();
    }
}
