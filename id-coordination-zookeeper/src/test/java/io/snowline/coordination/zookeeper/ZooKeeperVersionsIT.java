package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.testing.BareZooKeeperServer;
import io.snowline.testing.ZooKeeperShell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data versions after 2^32 writes, which recorded mode reaches on one znode within weeks. With version -1 ZooKeeper
 * compares nothing: two steps with the same expectation would both be applied.
 */
@Timeout(30)
class ZooKeeperVersionsIT {

    private static final int NODE = 7;
    private static final int BEFORE_ANY = -2;
    private static final int ANY = -1;

    @TempDir
    private Path directory;

    private BareZooKeeperServer server;
    private ZooKeeperShell shell;
    private Coordination coordination;

    @BeforeEach
    void start() {
        server = BareZooKeeperServer.start(directory);
        shell = ZooKeeperShell.to(server.connectString());
        coordination = Coordination.open(factory -> factory.setConnectString(server.connectString()));
        coordination.create();
        assertThat(coordination.reserve(NODE, 10).applied()).isTrue();
    }

    @AfterEach
    void stop() {
        coordination.close();
        shell.close();
        server.close();
    }

    @Test
    void aNodeRecordIsNotLeftWithTheVersionForAny() {
        server.setDataVersion(coordination.znodes().node(NODE), BEFORE_ANY);
        StoreView before = coordination.read();
        Replaced renewed = coordination.replace(Coordination.reservation(before, Coordination.node(NODE, 20)));

        assertThat(renewed.applied()).isTrue();
        assertThat(coordination.read().node(NODE)).isEqualTo(renewed.view().node(NODE));
        assertThat(shell.stat(coordination.znodes().node(NODE)).getVersion()).isZero();
        assertThat(coordination.reserve(NODE, 30).applied()).isTrue();
    }

    @Test
    void aNamespaceRecordIsNotLeftWithTheVersionForAny() {
        server.setDataVersion(coordination.znodes().record(), BEFORE_ANY);
        Replaced changed = coordination.replace(Replacement.ofNamespace(
                "", coordination.read().namespace(), Coordination.record(1), Optional.empty(), Trace.UNKNOWN));

        assertThat(changed.applied()).isTrue();
        assertThat(coordination.read().namespace()).isEqualTo(changed.view().namespace());
        assertThat(shell.stat(coordination.znodes().record()).getVersion()).isZero();
        assertThat(coordination.reserve(NODE, 20).applied()).isTrue();
    }

    @Test
    void aLockIsNotLeftWithTheVersionForAny() {
        DistributedLock lock = coordination.coordinator().lock(coordination.namespace(), "node-7");
        assertThat(lock.tryLock("a", Duration.ofSeconds(10))).isTrue();
        server.setDataVersion(coordination.znodes().lock("node-7"), BEFORE_ANY);
        assertThat(lock.unlock("a")).isTrue();
        assertThat(shell.stat(coordination.znodes().lock("node-7")).getVersion())
                .isZero();
        assertThat(lock.tryLock("b", Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void aRecordThatHasTheVersionForAnyIsReportedUntilItIsWrittenByHand() {
        StoreView before = coordination.read();
        String path = coordination.znodes().node(NODE);
        server.setDataVersion(path, ANY);
        assertUnreadable(coordination::read, path);
        assertUnreadable(
                () -> coordination.replace(Coordination.reservation(before, Coordination.node(NODE, 20))), path);

        shell.write(path, shell.read(path));
        assertThat(coordination.reserve(NODE, 20).applied()).isTrue();
    }

    private static void assertUnreadable(ThrowingCallable step, String path) {
        assertThatThrownBy(step)
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("znode %s of ZooKeeper at ".formatted(path))
                .hasMessageContaining("its data version is -1")
                .hasMessageContaining("write its data once more");
    }
}
