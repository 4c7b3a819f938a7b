package io.snowline.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IdWriterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DECIMAL | {\"id\":\"255\"}",
                "NUMBER | {\"id\":255}",
                "HEX | {\"id\":\"00000000000000ff\"}",
                "BASE62 | {\"id\":\"00000000047\"}",
                "BASE32 | {\"id\":\"000000000007Z\"}"
            })
    void oneIdIsAnObjectInJson(IdNotation notation, String json) {
        assertThat(text(new IdWriter.One(notation, Representation.JSON), 255)).isEqualTo(json);
    }

    /** JavaScript stores every number as a double, which rounds this one. */
    @Tag("T30")
    @Test
    void anIdThatJavaScriptWouldRoundComesThroughUnlessANumberWasAskedFor() throws Exception {
        long id = (1L << 53) + 1;

        assertThat(inJavaScript(new IdWriter.One(IdNotation.DECIMAL, Representation.JSON), id))
                .isEqualTo("9007199254740993");
        assertThat(inJavaScript(new IdWriter.One(IdNotation.NUMBER, Representation.JSON), id))
                .as("why a number must be asked for")
                .isEqualTo("9007199254740992");
    }

    private static String inJavaScript(IdWriter writer, long id) throws Exception {
        JsonNode parsed = new ObjectMapper().readTree(text(writer, id)).get("id");
        return parsed.isNumber() ? new BigDecimal(parsed.doubleValue()).toPlainString() : parsed.textValue();
    }

    @Test
    void oneIdIsALineOfText() {
        assertThat(text(new IdWriter.One(IdNotation.NUMBER, Representation.TEXT), 255))
                .isEqualTo("255\n");
    }

    @Test
    void severalIdsAreAnArrayInJson() {
        long[] ids = {1, Long.MAX_VALUE};

        assertThat(text(new IdWriter.Many(IdNotation.DECIMAL, Representation.JSON), ids))
                .isEqualTo("{\"ids\":[\"1\",\"9223372036854775807\"]}");
        assertThat(text(new IdWriter.Many(IdNotation.NUMBER, Representation.JSON), ids))
                .isEqualTo("{\"ids\":[1,9223372036854775807]}");
    }

    @Test
    void severalIdsAreLinesOfText() {
        assertThat(text(new IdWriter.Many(IdNotation.DECIMAL, Representation.TEXT), 1, 2))
                .isEqualTo("1\n2\n");
    }

    @Test
    void octetsAreBigEndian() {
        assertThat(bytes(new IdWriter.Many(IdNotation.DECIMAL, Representation.OCTETS), 2, 1, 0x0102030405060708L))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    @ParameterizedTest
    @EnumSource
    void noBodyIsLongerThanWhatIsReservedForIt(IdNotation notation) {
        long[] ids = new long[1_000];
        Arrays.fill(ids, Long.MAX_VALUE);
        for (Representation representation : Representation.values()) {
            IdWriter many = new IdWriter.Many(notation, representation);

            assertThat(many.write(ids, ids.length, new byte[many.longest(ids.length)]))
                    .isBetween(many.longest(ids.length) - 3 * ids.length - 2, many.longest(ids.length));
        }
    }

    @Test
    void onlyTheFirstIdsOfTheArrayAreWritten() {
        assertThat(new String(bytes(new IdWriter.Many(IdNotation.NUMBER, Representation.JSON), 2, 1, 2, 3), US_ASCII))
                .isEqualTo("{\"ids\":[1,2]}");
    }

    private static String text(IdWriter writer, long... ids) {
        return new String(bytes(writer, ids.length, ids), US_ASCII);
    }

    private static byte[] bytes(IdWriter writer, int count, long... ids) {
        byte[] target = new byte[writer.longest(count)];
        return Arrays.copyOf(target, writer.write(ids, count, target));
    }
}
