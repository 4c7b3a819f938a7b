package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The test vectors of {@code docs/ranges.json}, for clients in other languages. */
class RangeVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the vectors say: a range as in an answer, and some of its IDs by their index. */
    record Vector(String what, JsonNode range, Map<String, JsonNode> ids) {

        private long number(String field) {
            return range.get(field).asLong();
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static List<Vector> vectors() throws IOException {
        JsonNode all = JSON.readTree(Files.readString(Path.of("..", "docs", "ranges.json")));
        return StreamSupport.stream(all.spliterator(), false)
                .map(each -> new Vector(
                        each.get("what").asText(),
                        each.get("range"),
                        each.get("ids").properties().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))))
                .toList();
    }

    private static IdRange range(Vector vector) {
        String[] layout = vector.range().get("layout").asText().split("[/@]", -1);
        return new IdRange(
                new IdLayout(
                        Integer.parseInt(layout[0]),
                        Integer.parseInt(layout[1]),
                        Integer.parseInt(layout[2]),
                        Duration.ofMillis(Long.parseLong(layout[3].replace("ms", ""))),
                        Instant.parse(vector.range().get("epoch").asText())),
                (int) vector.number("node"),
                vector.number("position"),
                (int) vector.number("count"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void theLibraryComposesThem(Vector vector) {
        IdRange range = range(vector);

        assertThat(range.first()).isEqualTo(vector.number("first"));
        vector.ids().forEach((index, id) -> assertThat(range.id(Integer.parseInt(index)))
                .isEqualTo(id.asLong()));
    }

    /** The ten lines of docs/http.md, which know nothing but the layout's text. */
    @ParameterizedTest
    @MethodSource("vectors")
    void theArithmeticOfTheDocumentationComposesThem(Vector vector) {
        String[] bits = vector.range().get("layout").asText().split("[/@]", -1);
        int nodeBits = Integer.parseInt(bits[1]);
        int sequenceBits = Integer.parseInt(bits[2]);
        vector.ids().forEach((index, id) -> {
            long position = vector.number("position") + Long.parseLong(index);
            long tick = position >> sequenceBits;
            long sequence = position & ((1L << sequenceBits) - 1);
            assertThat(tick << (nodeBits + sequenceBits) | vector.number("node") << sequenceBits | sequence)
                    .isEqualTo(id.asLong());
        });
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void theServerWritesThem(Vector vector) {
        byte[] json = RangeBody.json(range(vector), Duration.ofMillis(vector.number("goodForMillis")));

        assertThat(new String(json, StandardCharsets.US_ASCII))
                .isEqualTo(vector.range().toString());
    }
}
