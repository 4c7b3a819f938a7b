package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.testing.EtcdServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contents of etcd, and how unexpected contents are treated (C1, C2, C8). */
@Timeout(30)
class EtcdRecordsIT {

    private final EtcdServer server = EtcdServer.shared();
    private Coordination coordination;

    @BeforeEach
    void open() {
        coordination = Coordination.open(server);
    }

    @AfterEach
    void close() {
        coordination.close();
    }

    @Tag("T23")
    @Test
    void aNamespaceIsAKeyAndAKeyForEachNodeIdWithoutLease() {
        NamespaceRecord namespace = coordination.create().record();
        NodeRecord node =
                coordination.reserve(7, 4096).view().node(7).orElseThrow().record();

        assertThat(server.dump(coordination.key()))
                .containsExactly(
                        Map.entry(coordination.key(), namespace.encode()),
                        Map.entry(coordination.nodeKey(7), node.encode()));
        assertThat(server.get("/snowline/.identity")).contains(namespace.identity());
        assertThat(server.ask(client -> client.getKVClient().get(EtcdServer.bytes(coordination.nodeKey(7))))
                        .getKvs()
                        .get(0)
                        .getLease())
                .isZero();
    }

    @Test
    void revisionsAreEtcdsAndComeBackInTheAnswerToAStep() {
        coordination.create();
        Stored<NodeRecord> answered = coordination.reserve(7, 10).view().node(7).orElseThrow();
        assertThat(answered.revision()).isPositive();
        assertThat(coordination.read().node(7)).contains(answered);
    }

    /** This can happen in a restored store: the revision is the expected one, but the value is another. */
    @Test
    void aValueThatIsNotTheExpectedOneIsARefusalUnderTheSameRevision() {
        Stored<NamespaceRecord> namespace = coordination.create();
        Stored<NodeRecord> stored = coordination.reserve(7, 10).view().node(7).orElseThrow();
        Stored<NodeRecord> another = new Stored<>(Coordination.node(7, 10), stored.revision());
        assertThat(coordination.replace(step(namespace, another)).applied()).isFalse();
        assertThat(coordination.read().node(7)).contains(stored);
    }

    @Test
    void aRevisionThatIsNotTheExpectedOneIsARefusalUnderTheSameValue() {
        Stored<NamespaceRecord> namespace = coordination.create();
        Stored<NodeRecord> stored = coordination.reserve(7, 10).view().node(7).orElseThrow();
        server.put(coordination.nodeKey(7), stored.record().encode());
        assertThat(coordination.replace(step(namespace, stored)).applied()).isFalse();
    }

    private Replacement step(Stored<NamespaceRecord> namespace, Stored<NodeRecord> expected) {
        return new Replacement(
                namespace.record().identity(),
                Optional.of(namespace),
                Optional.empty(),
                Optional.of(new NodeChange(Optional.of(expected), Coordination.node(7, 20))),
                Optional.empty(),
                Trace.UNKNOWN);
    }

    @Test
    void prefixesAreSeparate() {
        try (Coordination other = Coordination.open(factory -> {
            factory.setEndpoints(List.of(server.endpoint()));
            factory.setPrefix("/team/a");
        })) {
            other.create();
            assertThat(coordination.coordinator().read(other.namespace()).namespace())
                    .isEmpty();
            assertThat(server.get("/team/a/" + other.namespace())).isPresent();
            assertThat(server.get("/team/a/.identity")).isPresent().isNotEqualTo(server.get("/snowline/.identity"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "node=1 token=a owner=b label=c start=0", // truncated
                "node=2 token=a owner=b label=c start=0 end=1", // another node id
                "node=1 token=a owner=b label=c start=0 end=01", // not in the form that Snowline writes
                "token=a node=1 owner=b label=c start=0 end=1", // not in the form that Snowline writes
                "node=1 token=a owner=b label=c start=2 end=1" // no window
            })
    void anUnreadableNodeRecordIsReportedAndLeftAsItIs(String text) {
        Stored<NamespaceRecord> namespace = coordination.create();
        server.put(coordination.nodeKey(1), text);

        assertUnreadable(coordination::read, "key " + coordination.nodeKey(1) + " in etcd cannot be read: ");
        assertUnreadable(
                () -> coordination.replace(Replacement.ofNode(
                        namespace.record().identity(), namespace, Optional.empty(), Coordination.node(1, 10))),
                "key " + coordination.nodeKey(1) + " in etcd cannot be read: ");
        assertThat(server.get(coordination.nodeKey(1))).contains(text);
    }

    @Test
    void anUnreadableNamespaceRecordIsReported() {
        coordination.create();
        server.put(coordination.key(), "blue");
        assertUnreadable(coordination::read, "key " + coordination.key() + " in etcd cannot be read: ");
    }

    @Test
    void aKeyBetweenTheNodesThatIsNoNodeIsReported() {
        coordination.create();
        for (String name : new String[] {"x", "01", "-1", "9999999999", ""}) {
            server.put(coordination.key() + "/nodes/" + name, "mine");
            assertUnreadable(coordination::read, "key " + coordination.key() + "/nodes/" + name + " in etcd");
            server.delete(coordination.key() + "/nodes/" + name);
        }
    }

    @Test
    void anIdentityThatIsNotOursIsReportedAndLeftAsItIs() {
        try (Coordination other = Coordination.open(factory -> {
            factory.setEndpoints(List.of(server.endpoint()));
            factory.setPrefix("/spoilt");
        })) {
            Stored<NamespaceRecord> namespace = other.create();
            server.put("/spoilt/.identity", "mine");
            assertUnreadable(other::read, "key /spoilt/.identity in etcd cannot be read: ");
            assertUnreadable(
                    () -> other.replace(Replacement.ofNode(
                            namespace.record().identity(), namespace, Optional.empty(), Coordination.node(1, 10))),
                    "key /spoilt/.identity in etcd cannot be read: ");
            assertThat(server.get("/spoilt/.identity")).contains("mine");
        }
    }

    /** This is how an operator tells Snowline of a loss that it cannot see. */
    @Test
    void withoutItsIdentityTheStoreGetsANewOne() {
        try (Coordination other = Coordination.open(factory -> {
            factory.setEndpoints(List.of(server.endpoint()));
            factory.setPrefix("/fenced");
        })) {
            other.create();
            StoreView before = other.read();
            server.delete("/fenced/.identity");

            assertThatThrownBy(() -> other.replace(Replacement.ofNode(
                            before.identity(),
                            before.namespace().orElseThrow(),
                            Optional.empty(),
                            Coordination.node(1, 10))))
                    .hasMessageContaining("has lost its key /fenced/.identity");
            assertThat(other.read().identity()).isNotEqualTo(before.identity());
            assertThat(other.read().namespace()).isEqualTo(before.namespace());
        }
    }

    private static void assertUnreadable(Callable<?> step, String message) {
        assertThatThrownBy(step::call)
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining(message);
    }
}
