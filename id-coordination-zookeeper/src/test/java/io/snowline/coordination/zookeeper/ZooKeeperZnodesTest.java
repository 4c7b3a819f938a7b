package io.snowline.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NodeRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The paths of znodes, and their contents. */
class ZooKeeperZnodesTest {

    private static final Instant NOW = Instant.parse("2026-11-23T05:00:00.500Z");

    private final Znodes znodes = new Znodes("orders");
    private final NodeRecord first = new NodeRecord(7, "t1", "", "host:8080", 0, 10);
    private final NodeRecord second = new NodeRecord(7, "t2", "", "host:8080", 0, 20);

    @Test
    void znodesAreNamedAsTheDocumentationSays() {
        assertThat(znodes.record()).isEqualTo("/snowline/orders");
        assertThat(znodes.node(7)).isEqualTo("/snowline/orders/nodes/7");
        assertThat(znodes.lock("node-7")).isEqualTo("/snowline/orders/locks/node-7");
    }

    @Test
    void aNodesNameIsReadBack() {
        assertThat(Znodes.nodeOf("1023")).isEqualTo(OptionalInt.of(1023));
        assertThat(Znodes.nodeOf("0")).isEqualTo(OptionalInt.of(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "01", "x", "2147483648", "1 ", "\u0661"})
    void otherNamesAreNoNodes(String name) {
        assertThat(Znodes.nodeOf(name)).isEmpty();
    }

    @Test
    void aRecordWithoutADeadlineIsOneLine() {
        byte[] data = RecordKind.NODE.encode(second, Optional.empty(), Optional.of(first));
        assertThat(text(data)).isEqualTo(second.encode());
        assertThat(RecordKind.NODE.decode(data, NOW)).contains(second);
    }

    @Test
    void aRecordWrittenInTimeCountsAndOneWrittenTooLateIsVoid() {
        byte[] data = RecordKind.NODE.encode(second, Optional.of(NOW), Optional.of(first));
        assertThat(text(data))
                .isEqualTo(second.encode() + "\nnotAfter=2026-11-23T05:00:00.500Z\nbefore=" + first.encode());
        assertThat(RecordKind.NODE.decode(data, NOW)).contains(second);
        assertThat(RecordKind.NODE.decode(data, NOW.plusMillis(1))).contains(first);

        byte[] created = RecordKind.NODE.encode(second, Optional.of(NOW), Optional.empty());
        assertThat(RecordKind.NODE.decode(created, NOW)).contains(second);
        assertThat(RecordKind.NODE.decode(created, NOW.plusMillis(1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "",
                "%s\n",
                "%s\n\n",
                "%s\nnotAfter=soon\nbefore=",
                "%s\nnotAfter=2026-11-23T05:00:00Z",
                "%s\nnotAfter=2026-11-23T05:00:00Z\nbefore=garbage",
                "%s\nbefore=\nnotAfter=2026-11-23T05:00:00Z",
                " %s"
            })
    void whatWeWouldNotWriteIsNoRecord(String pattern) {
        byte[] data = pattern.formatted(second.encode()).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> RecordKind.NODE.decode(data, NOW)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLockSaysItsHolder() {
        LockState state = new LockState("me", Duration.ofSeconds(10));
        assertThat(text(state.encode())).isEqualTo("token=me expiry=PT10S");
        assertThat(LockState.decode(state.encode())).contains(state);
        assertThat(LockState.decode(LockState.FREE)).isEmpty();
        assertThat(state.isOver(NOW, NOW.plusMillis(9999))).isFalse();
        assertThat(state.isOver(NOW, NOW.plusMillis(10000))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "token= expiry=PT1S",
                "token=a expiry=1s",
                "token=a expiry=PT0S",
                "token=a expiry=PT9223372036854775807S",
                "token=a expiry=PT1S\n"
            })
    void whatWeWouldNotWriteIsNoLock(String text) {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> LockState.decode(data)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tokensAndExpiriesAreChecked() {
        assertThatThrownBy(() -> new LockState("a b", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without blanks, got 'a b'");
        assertThatThrownBy(() -> new LockState("a", Duration.ofNanos(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expiry must be from 1 ms to 36500 days, got PT0.000000001S");
        assertThatThrownBy(() -> new LockState("a", ChronoUnit.FOREVER.getDuration()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expiry must be from 1 ms to 36500 days, got PT2562047788015215H");
    }

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }
}
