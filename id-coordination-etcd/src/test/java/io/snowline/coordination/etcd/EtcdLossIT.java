package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.etcd.testing.EtcdServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store whose history is cut gets another identity, and one whose history is whole keeps it (P8). */
@Timeout(60)
class EtcdLossIT {

    private EtcdServer server;
    private Coordination coordination;

    @BeforeEach
    void start() {
        server = EtcdServer.start();
        coordination = Coordination.open(server);
        coordination.create();
        for (int i = 1; i <= 30; i++) {
            coordination.reserve(1, i);
        }
    }

    @AfterEach
    void stop() {
        coordination.close();
        server.close();
    }

    @Test
    void restartsChangeNothing() {
        StoreView before = coordination.read();
        for (int i = 0; i < 3; i++) {
            server.kill();
            server.restart();
            assertThat(coordination.read()).isEqualTo(before);
            try (Coordination fresh = coordination.again(server)) {
                assertThat(fresh.read()).isEqualTo(before);
            }
        }
        assertThat(coordination.reserve(1, 100).applied()).isTrue();
    }

    @Test
    void aSnapshotThatIsRestoredUnderARunningCoordinatorIsNoticedAtItsNextStep() {
        Path snapshot = server.snapshot();
        StoreView before = coordination.reserve(1, 100).view();
        server.restartFrom(snapshot);

        assertLossIsNoticed(before);
    }

    @Test
    void anOlderCopyOfTheFilesIsNoticedByACoordinatorThatHasSeenMore() {
        Path copy = server.copyOfData();
        StoreView before = coordination.reserve(1, 100).view();
        server.restartWithData(copy);

        assertLossIsNoticed(before);
    }

    private void assertLossIsNoticed(StoreView before) {
        Stored<NamespaceRecord> namespace = before.namespace().orElseThrow();
        assertThatThrownBy(() -> coordination.replace(
                        Replacement.ofNode(before.identity(), namespace, before.node(1), Coordination.node(1, 200))))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining("may have lost records: its revision went back from ");
        StoreView after = coordination.read();
        assertThat(after.identity()).isNotEqualTo(before.identity());
        assertThat(after.namespace()).contains(namespace);
        assertThat(after.node(1).orElseThrow().record().end()).isEqualTo(30);
        assertThat(coordination.reserve(1, 300).applied()).isTrue();
        assertThat(coordination.read().identity()).isEqualTo(after.identity());
    }

    /** Nobody was there to see the revision go back; nor does it, here. */
    @Test
    void aRestoredSnapshotIsNoticedByACoordinatorThatNeverSawTheStoreBefore() {
        StoreView before = coordination.read();
        coordination.close();
        server.restartFrom(server.snapshot());

        try (Coordination fresh = coordination.again(server)) {
            StoreView after = fresh.read();
            assertThat(after.identity()).isNotEqualTo(before.identity());
            assertThat(after.namespace()).isEqualTo(before.namespace());
            assertThat(fresh.read()).isEqualTo(after);

            server.restartFrom(server.snapshot());
            try (Coordination fresher = coordination.again(server)) {
                assertThat(fresher.read().identity()).isNotEqualTo(after.identity());
                assertThat(fresher.read().identity())
                        .isEqualTo(
                                fresh.readOnceRecovered(Coordination.RECOVERY).identity());
            }
        }
    }

    @Test
    void anotherClusterIsNoticed() {
        StoreView before = coordination.read();
        server.restartAsAnotherCluster();
        StoreView empty = coordination.read();
        assertThat(empty.namespace()).isEmpty();
        assertThat(empty.identity()).isNotEqualTo(before.identity());
        assertThat(empty.identity().substring(0, 16))
                .isNotEqualTo(before.identity().substring(0, 16));
    }

    /** What a move of the data into another cluster leaves: the identity of the one that it came from. */
    @Test
    void dataOfAnotherClusterIsNoticed() {
        StoreView before = coordination.read();
        String moved = "0123456789abcdef" + before.identity().substring(16);
        server.put("/snowline/.identity", moved);
        try (Coordination fresh = coordination.again(server)) {
            assertThat(fresh.read().identity())
                    .isNotEqualTo(moved)
                    .startsWith(before.identity().substring(0, 16));
        }
    }

    @Test
    void anIdentityThatWasReplacedDoesNotComeBack() {
        StoreView before = coordination.read();
        server.delete("/snowline/.identity");
        StoreView after = coordination.read();
        server.put("/snowline/.identity", before.identity());
        assertThat(coordination.read().identity()).isNotIn(before.identity(), after.identity());
    }
}
