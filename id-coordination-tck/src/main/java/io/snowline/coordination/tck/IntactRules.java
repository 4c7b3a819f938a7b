package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class IntactRules extends Rules {

    private static final int NODE = 7;
    private static final long LAST_POSITION = (1L << 62) - 1;
    private static final String EVERY_CHARACTER = IntStream.rangeClosed('!', '~')
            .filter(c -> c != '=')
            .mapToObj(Character::toString)
            .collect(Collectors.joining());

    IntactRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C8 intact: node records come back as they were written, at the edges of what they can hold")
    public final void nodeRecordsComeBack() {
        fixNamespace();
        String token = Samples.token();
        for (NodeRecord record : List.of(
                new NodeRecord(NODE, token, token, "host:8080", 0, 0),
                new NodeRecord(NODE, token, "", "", 0, LAST_POSITION),
                new NodeRecord(NODE, token, token, EVERY_CHARACTER.substring(0, 64), LAST_POSITION, LAST_POSITION),
                new NodeRecord(NODE, token, token, EVERY_CHARACTER.substring(29), LAST_POSITION - 1, LAST_POSITION),
                new NodeRecord(NODE, EVERY_CHARACTER, "x".repeat(256), "a", (1L << 53) + 1, (1L << 53) + 3))) {
            NodeRecord next =
                    new NodeRecord(NODE, Samples.token(), record.owner(), record.label(), record.start(), record.end());
            assertThat(write(next).record()).as("node record in the answer").isEqualTo(next);
            assertThat(read().node(NODE).map(Stored::record)).as("node record").contains(next);
            write(record);
            assertThat(read().node(NODE).map(Stored::record)).as("node record").contains(record);
        }
    }

    @Test
    @DisplayName("C8 intact: namespace records come back as they were written, at the edges of what they can hold")
    public final void namespaceRecordsComeBack() {
        Instant epoch = Instant.parse("2025-01-01T00:00:00Z");
        Duration ahead = Duration.ofSeconds(30);
        String any = EVERY_CHARACTER;
        for (NamespaceRecord record : List.of(
                new NamespaceRecord(Samples.token(), "l", epoch, IssuingMode.LEASED, ahead, 1, "", 0, Optional.empty()),
                new NamespaceRecord(
                        any,
                        any,
                        epoch,
                        IssuingMode.RECORDED,
                        ahead,
                        Long.MAX_VALUE,
                        any,
                        LAST_POSITION,
                        Optional.of(epoch)),
                new NamespaceRecord(
                        Samples.token(),
                        "l",
                        Instant.parse("1969-07-20T20:17:40.000000001Z"),
                        IssuingMode.LEASED,
                        Duration.ofMillis(1),
                        2,
                        "x".repeat(256),
                        (1L << 53) + 1,
                        Optional.of(Instant.parse("2026-11-30T01:02:03.004Z"))),
                new NamespaceRecord(
                        Samples.token(),
                        "l",
                        Instant.MAX,
                        IssuingMode.LEASED,
                        Duration.ofDays(1),
                        3,
                        "",
                        1,
                        Optional.of(Instant.MAX)))) {
            assertThat(write(record).record())
                    .as("namespace record in the answer")
                    .isEqualTo(record);
            assertThat(read().namespace().map(Stored::record))
                    .as("namespace record")
                    .contains(record);
            assertThat(open().read(namespace).namespace().map(Stored::record))
                    .as("namespace record, for another coordinator")
                    .contains(record);
        }
    }

    @Test
    @DisplayName("C8 intact: what is no namespace record is reported, and never overwritten")
    public final void reportsASpoilingOfTheNamespaceRecord() throws Exception {
        fixNamespace();
        write(Samples.nodeRecord(NODE, 100));
        StoreView before = read();
        Supplier<String> raw = hooks().spoilNamespaceRecord(namespace);
        String garbage = raw.get();

        assertUnreadable("read", () -> read());
        for (StoreView seen : List.of(before, nothingThere(before))) {
            assertUnreadable("a namespace step", () -> replace(namespaceStep(seen, namespaceRecord(seen))));
            assertUnreadable("a node step", () -> replace(nodeStep(seen, Samples.nodeRecord(NODE, 200))));
            assertUnreadable("a step of both", () -> replace(bothStep(seen)));
        }
        assertThat(raw.get()).as("what lies where the namespace record was").isEqualTo(garbage);
    }

    @Test
    @DisplayName("C8 intact: what is no node record is reported, and never overwritten")
    public final void reportsASpoilingOfANodeRecord() throws Exception {
        fixNamespace();
        write(Samples.nodeRecord(NODE, 100));
        StoreView before = read();
        Supplier<String> raw = hooks().spoilNodeRecord(namespace, NODE);
        String garbage = raw.get();

        assertUnreadable("read", () -> read());
        StoreView withoutNode = new StoreView(before.namespace(), Map.of(), before.identity(), before.time());
        for (StoreView seen : List.of(before, withoutNode)) {
            assertUnreadable("a node step", () -> replace(nodeStep(seen, Samples.nodeRecord(NODE, 200))));
            assertUnreadable("a step of both", () -> replace(bothStep(seen)));
        }
        assertThat(raw.get()).as("what lies where the node record was").isEqualTo(garbage);
    }

    private static StoreView nothingThere(StoreView seen) {
        return new StoreView(Optional.empty(), Map.of(), seen.identity(), seen.time());
    }

    private static NamespaceRecord namespaceRecord(StoreView seen) {
        return Samples.namespaceRecord(seen.identity(), 9);
    }

    private static Replacement bothStep(StoreView seen) {
        return doubleStep(seen, namespaceRecord(seen), Samples.nodeRecord(NODE, 200));
    }

    private static void assertUnreadable(String what, ThrowingCallable call) {
        assertThatThrownBy(call, "%s, with something in the place of a record", what)
                .isInstanceOf(UnreadableRecordException.class);
    }
}
