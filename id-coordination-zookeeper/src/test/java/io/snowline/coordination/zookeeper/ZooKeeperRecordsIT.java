package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.testing.ZooKeeperServer;
import io.snowline.testing.ZooKeeperShell;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contents of ZooKeeper, and how unexpected contents are treated (C1, C6, C8). */
@Timeout(30)
class ZooKeeperRecordsIT {

    private static ZooKeeperServer server;
    private static ZooKeeperShell shell;
    private Coordination coordination;

    @BeforeAll
    static void start() {
        server = ZooKeeperServer.start();
        shell = server.shell();
    }

    @AfterAll
    static void stop() {
        shell.close();
        server.close();
    }

    @BeforeEach
    void open() {
        coordination = Coordination.open(server);
    }

    @AfterEach
    void close() {
        coordination.close();
    }

    @Tag("T21")
    @Test
    void aNamespaceIsAFewPersistentZnodes() {
        NamespaceRecord namespace = coordination.create().record();
        NodeRecord node =
                coordination.reserve(7, 4096).view().node(7).orElseThrow().record();
        DistributedLock lock = coordination.coordinator().lock(coordination.namespace(), "node-7");
        assertThat(lock.tryLock("me", Duration.ofSeconds(10))).isTrue();

        String root = coordination.znodes().record();
        String birth = shell.read(root + "/nodes");
        assertThat(birth).matches("[0-9a-f]{32}");
        assertThat(shell.children(root)).containsExactlyInAnyOrder("nodes", "locks", "is-" + birth);
        assertThat(shell.read(root + "/is-" + birth)).isEmpty();
        assertThat(shell.read("/snowline-traces/" + coordination.namespace())).isEqualTo(namespace.token());
        assertThat(shell.read(root)).isEqualTo(namespace.encode());
        assertThat(shell.read(root + "/nodes/7")).isEqualTo(node.encode());
        assertThat(shell.read(root + "/locks/node-7")).isEqualTo("token=me expiry=PT10S");
        assertThat(shell.read(Znodes.CLOCK)).isEmpty();
        assertThat(List.of(
                        root,
                        root + "/is-" + birth,
                        root + "/nodes",
                        root + "/nodes/7",
                        root + "/locks/node-7",
                        Znodes.CLOCK,
                        Znodes.TRACES,
                        coordination.znodes().trace()))
                .allSatisfy(
                        path -> assertThat(shell.stat(path).getEphemeralOwner()).isZero());
    }

    @Test
    void readingANamespaceThatIsNotThereMakesNone() {
        assertThat(coordination.read().namespace()).isEmpty();
        assertThat(shell.exists(coordination.znodes().record())).isFalse();
    }

    @Test
    void timeIsThatOfOurOwnWrite() {
        coordination.create();
        Replaced replaced = coordination.reserve(7, 10);
        Stat written = shell.stat(coordination.znodes().node(7));
        assertThat(replaced.view().time()).contains(Instant.ofEpochMilli(written.getMtime()));
        assertThat(coordination.read().time().orElseThrow())
                .isEqualTo(Instant.ofEpochMilli(shell.stat(Znodes.CLOCK).getMtime()));
    }

    @Test
    void aRenewalWritesOneZnodeOnce() {
        coordination.create();
        coordination.reserve(7, 10);
        StoreView before = coordination.read();
        Stat namespaceBefore = shell.stat(coordination.znodes().record());
        int clockBefore = shell.stat(Znodes.CLOCK).getVersion();
        int versionBefore = shell.stat(coordination.znodes().node(7)).getVersion();

        assertThat(coordination
                        .replace(Coordination.reservation(before, Coordination.node(7, 20)))
                        .applied())
                .isTrue();

        assertThat(shell.stat(coordination.znodes().record())).isEqualTo(namespaceBefore);
        assertThat(shell.stat(coordination.znodes().node(7)).getVersion()).isEqualTo(versionBefore + 1);
        assertThat(shell.stat(Znodes.CLOCK).getVersion()).isEqualTo(clockBefore);
    }

    @Tag("T21")
    @Test
    void aVersionThatCoincidesWithAnotherRecordIsRefused() {
        coordination.create();
        coordination.reserve(7, 10);
        StoreView remembered = coordination.read();
        shell.delete(coordination.znodes().record());
        coordination.create();
        NodeRecord other =
                coordination.reserve(7, 5).view().node(7).orElseThrow().record();
        StoreView present = coordination.read();
        assertThat(present.node(7).orElseThrow().revision())
                .isEqualTo(remembered.node(7).orElseThrow().revision());
        assertThat(present.namespace().orElseThrow().revision())
                .isEqualTo(remembered.namespace().orElseThrow().revision());

        Replaced underOldNamespace =
                coordination.replace(Coordination.reservation(remembered, Coordination.node(7, 20)));
        Replaced fromOldNode = coordination.replace(Replacement.ofNode(
                "", present.namespace().orElseThrow(), remembered.node(7), Coordination.node(7, 20)));

        assertThat(underOldNamespace.applied()).isFalse();
        assertThat(fromOldNode.applied()).isFalse();
        assertThat(coordination.read().node(7)).map(Stored::record).contains(other);
    }

    @Test
    void aNamespaceThatIsDeletedUnderARunningOwnerIsGone() {
        coordination.create();
        StoreView before = coordination.reserve(7, 10).view();
        shell.delete(Znodes.ROOT);

        Replaced refused = coordination.replace(Coordination.reservation(before, Coordination.node(7, 20)));
        assertThat(refused.applied()).isFalse();
        assertThat(refused.view().namespace()).isEmpty();
        assertThat(refused.view().nodes()).isEmpty();
        coordination.create();
        assertThat(coordination.reserve(7, 30).applied()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nodes/7", "/nodes"})
    void recordsThatAreDeletedFromANamespaceAreMissedUntilAllOfItIsDeleted(String deleted) {
        coordination.create();
        coordination.reserve(7, 10);
        coordination.reserve(8, 10);
        StoreView before = coordination.read();
        StoreView without = new StoreView(before.namespace(), Map.of(), "", Optional.empty());
        shell.delete(coordination.znodes().record() + deleted);

        String nodes = coordination.znodes().nodes();
        for (int i = 0; i < 2; i++) {
            assertUnreadable(coordination::read, nodes, "node records were deleted from it");
            for (StoreView view : List.of(before, without)) {
                assertUnreadable(
                        () -> coordination.replace(Coordination.reservation(view, Coordination.node(7, 20))),
                        nodes,
                        "delete /snowline/" + coordination.namespace() + " as a whole");
            }
            if (!shell.exists(nodes)) {
                shell.create(nodes, "");
            }
        }
        shell.delete(coordination.znodes().record());
        coordination.create();
        assertThat(coordination.reserve(7, 30).applied()).isTrue();
    }

    @Test
    void aLockThatIsDeletedIsFree() {
        DistributedLock lock = coordination.coordinator().lock(coordination.namespace(), "node-7");
        assertThat(lock.tryLock("a", Duration.ofSeconds(10))).isTrue();
        coordination.create();
        shell.delete(coordination.znodes().locks());
        assertThat(lock.unlock("a")).isFalse();
        assertThat(lock.tryLock("b", Duration.ofSeconds(10))).isTrue();
        assertThat(coordination.reserve(7, 30).applied()).isTrue();
    }

    @Test
    void aStepInTimeKeepsItsDeadlineWithIt() {
        Instant notAfter = coordination.read().time().orElseThrow().plusSeconds(60);
        NamespaceRecord record = Coordination.record(0);
        assertThat(coordination
                        .replace(Replacement.ofNamespace(
                                "",
                                Optional.empty(),
                                record,
                                Optional.of(notAfter),
                                coordination.read().trace()))
                        .applied())
                .isTrue();
        assertThat(shell.read(coordination.znodes().record()))
                .isEqualTo(record.encode() + "\nnotAfter=" + notAfter + "\nbefore=");
        assertThat(coordination.read().namespace()).map(Stored::record).contains(record);
        assertThat(coordination.reserve(7, 10).applied()).isTrue();
    }

    @Test
    void aStepThatReachedZooKeeperTooLateIsVoidAndDoesNotStandInTheWay() {
        shell.create(coordination.znodes().record(), tooLate(Coordination.record(5), ""));
        assertThat(coordination.read().namespace()).isEmpty();
        NamespaceRecord first = coordination.create().record();
        assertThat(coordination.read().namespace()).map(Stored::record).contains(first);

        shell.write(coordination.znodes().record(), tooLate(Coordination.record(9), first.encode()));
        StoreView view = coordination.read();
        assertThat(view.namespace()).map(Stored::record).contains(first);
        assertThat(coordination.reserve(7, 10).applied()).isTrue();
        NamespaceRecord second = Coordination.record(1);
        assertThat(coordination
                        .replace(Replacement.ofNamespace("", view.namespace(), second, Optional.empty(), view.trace()))
                        .applied())
                .isTrue();
        assertThat(coordination.read().namespace()).map(Stored::record).contains(second);
    }

    private static String tooLate(NamespaceRecord record, String before) {
        return record.encode() + "\nnotAfter=2026-01-01T00:00:00Z\nbefore=" + before;
    }

    @Test
    void aReadSeesEveryChildAndEveryNodeIdBeyondOneRequest() {
        coordination.create();
        StoreView seen = coordination.read();
        for (int node = 0; node < 510; node++) {
            assertThat(coordination
                            .replace(Coordination.reservation(seen, Coordination.node(node, node)))
                            .applied())
                    .isTrue();
        }
        assertThat(coordination.read().nodes()).hasSize(510);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "node=7 token=a owner= label= start=0 end=1",
                "token=a layout=l epoch=2025-01-01T00:00:00Z mode=leased ahead=PT30S incarnation=1 identity= floor=-1"
            })
    void somethingElseAtTheNamespaceIsReportedAndLeft(String garbage) {
        shell.create(coordination.znodes().record(), garbage);
        assertUnreadable(coordination::read, coordination.znodes().record(), "cannot be read");
        assertUnreadable(coordination::create, coordination.znodes().record(), "cannot be read");
        assertThat(shell.read(coordination.znodes().record())).isEqualTo(garbage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "node=8 token=a owner= label= start=0 end=1"})
    void somethingElseAtANodeIsReportedAndLeft(String garbage) {
        StoreView view = new StoreView(Optional.of(coordination.create()), Map.of(), "", Optional.empty());
        String path = coordination.znodes().node(7);
        shell.create(path, garbage);
        assertUnreadable(coordination::read, path, "cannot be read");
        assertUnreadable(
                () -> coordination.replace(Coordination.reservation(view, Coordination.node(7, 1))), path, "cannot be");
        assertThat(shell.read(path)).isEqualTo(garbage);
    }

    @Test
    void aChildThatIsNoNodeIdIsReported() {
        coordination.create();
        shell.create(coordination.znodes().nodes() + "/seven", "");
        assertUnreadable(coordination::read, coordination.znodes().nodes() + "/seven", "its name is no node id");
    }

    @Test
    void somethingElseAtALockIsReportedAndLeft() {
        DistributedLock lock = coordination.coordinator().lock(coordination.namespace(), "node-7");
        String path = coordination.znodes().lock("node-7");
        shell.create(path, "held by me");
        assertUnreadable(() -> lock.tryLock("t", Duration.ofSeconds(1)), path, "cannot be read");
        assertUnreadable(() -> lock.unlock("t"), path, "cannot be read");
        assertThat(shell.read(path)).isEqualTo("held by me");
    }

    private static void assertUnreadable(Callable<?> step, String path, String why) {
        assertThatThrownBy(step::call)
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("znode %s of ZooKeeper at %s ".formatted(path, server.connectString()))
                .hasMessageContaining(why);
    }
}
