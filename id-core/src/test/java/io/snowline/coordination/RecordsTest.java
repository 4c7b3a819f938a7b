package io.snowline.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {

    private static final NodeRecord NODE = new NodeRecord(7, "aa", "bb", "host:8080", 100, (1L << 62) - 1);
    private static final NamespaceRecord NAMESPACE = new NamespaceRecord(
            "aa",
            "41/10/12@1ms",
            Instant.parse("2025-01-01T00:00:00Z"),
            IssuingMode.LEASED,
            Duration.ofSeconds(30),
            3,
            "",
            1L << 61,
            Optional.of(Instant.parse("2026-11-30T00:00:00Z")));

    @Test
    void recordsAreReadBackAsTheyWereWritten() {
        assertThat(NodeRecord.parse(NODE.encode())).isEqualTo(NODE);
        NodeRecord released = new NodeRecord(0, "aa", "", "", 0, 0);
        assertThat(NodeRecord.parse(released.encode())).isEqualTo(released);
        assertThat(NamespaceRecord.parse(NAMESPACE.encode())).isEqualTo(NAMESPACE);
    }

    @Test
    void theTextOfARecordIsForPeopleToo() {
        assertThat(NODE.encode())
                .isEqualTo("node=7 token=aa owner=bb label=host:8080 start=100 end=4611686018427387903");
        assertThat(NAMESPACE.encode())
                .isEqualTo(
                        "version=2 token=aa layout=41/10/12@1ms epoch=2025-01-01T00:00:00Z mode=leased ahead=PT30S incarnation=3"
                                + " identity= floor=2305843009213693952 usableFrom=2026-11-30T00:00:00Z");
    }

    @Test
    void aRecordOfFormat1IsReadAndWrittenAgainAsItIs() {
        String text =
                "token=aa layout=41/10/12@1ms epoch=2025-01-01T00:00:00Z mode=leased ahead=PT30S incarnation=3 identity= floor=8";
        NamespaceRecord record = NamespaceRecord.parse(text);
        assertThat(record.usableFrom()).isEmpty();
        assertThat(record.floor()).isEqualTo(8);
        assertThat(record.encode()).isEqualTo(text);
    }

    @Test
    void aRecordOfAFormatToComeIsRefusedWithBothVersions() {
        assertThatThrownBy(() -> NamespaceRecord.parse("version=3 token=aa whatever=it has"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 3")
                .hasMessageContaining("version 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"version=1", "version=0", "version=", "version=x", "version=2", "version=-3"})
    void aVersionThatWasNeverWrittenIsUnreadable(String version) {
        String text = NAMESPACE.encode().replace("version=2", version).replace(" usableFrom=2026-11-30T00:00:00Z", "");
        assertThatThrownBy(() -> NamespaceRecord.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<String> garbled() {
        String text = NODE.encode();
        return Stream.of(
                "",
                " ",
                "x",
                "=",
                text.substring(0, text.length() / 2),
                text + " ",
                text + " more=1",
                text.replace("end=", "fin="),
                text.replace("start=100", "start=-100"),
                text.replace("start=100", "start=1e2"),
                text.replace("node=7", "node=99999999999"),
                text.replace("token=aa", "token="),
                text.replace("token=aa", "token=aa token=bb"),
                text.replace("100", "\u0661"),
                text.replace("host", "h\u00f6st"),
                NAMESPACE.encode());
    }

    @ParameterizedTest
    @MethodSource("garbled")
    void aGarbledRecordIsRefusedAndNeverTakenForZero(String text) {
        assertThatThrownBy(() -> NodeRecord.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLabelThatCouldBreakTheTextIsRefused() {
        assertThatThrownBy(() -> new NodeRecord(1, "aa", "bb", "a b", 0, 1))
                .hasMessage("label must be at most 64 printable ASCII characters without '=' and blanks, got 'a b'");
        assertThatThrownBy(() -> new NodeRecord(1, "aa", "bb", "x".repeat(65), 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
