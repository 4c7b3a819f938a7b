package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.DecodedId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(text(IdWriter.one(255, notation, Representation.JSON))).isEqualTo(json);
    }

    @Test
    void oneIdIsALineOfText() {
        assertThat(text(IdWriter.one(255, IdNotation.NUMBER, Representation.TEXT)))
                .isEqualTo("255\n");
    }

    @Test
    void severalIdsAreAnArrayInJson() {
        long[] ids = {1, Long.MAX_VALUE};

        assertThat(text(IdWriter.many(ids, IdNotation.DECIMAL, Representation.JSON)))
                .isEqualTo("{\"ids\":[\"1\",\"9223372036854775807\"]}");
        assertThat(text(IdWriter.many(ids, IdNotation.NUMBER, Representation.JSON)))
                .isEqualTo("{\"ids\":[1,9223372036854775807]}");
    }

    @Test
    void severalIdsAreLinesOfText() {
        assertThat(text(IdWriter.many(new long[] {1, 2}, IdNotation.DECIMAL, Representation.TEXT)))
                .isEqualTo("1\n2\n");
    }

    @Test
    void octetsAreBigEndian() {
        assertThat(IdWriter.many(new long[] {1, 0x0102030405060708L}, IdNotation.DECIMAL, Representation.OCTETS))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void aDecodedIdShowsMillisecondsAlways() {
        DecodedId decoded = new DecodedId(7, Instant.parse("2026-11-23T05:00:00Z"), 5, 12);

        assertThat(text(IdWriter.decoded(decoded, IdNotation.DECIMAL, Optional.empty())))
                .isEqualTo("{\"id\":\"7\",\"timestamp\":\"2026-11-23T05:00:00.000Z\",\"node\":5,\"sequence\":12}");
    }

    @Test
    void aDecodedIdSaysWhetherAndWhenItWasRecorded() {
        DecodedId decoded = new DecodedId(7, Instant.EPOCH, 5, 12);

        assertThat(text(IdWriter.decoded(
                        decoded, IdNotation.DECIMAL, Optional.of(Optional.of(Instant.ofEpochMilli(1))))))
                .endsWith(",\"recorded\":true,\"recordedAt\":\"1970-01-01T00:00:00.001Z\"}");
        assertThat(text(IdWriter.decoded(decoded, IdNotation.DECIMAL, Optional.of(Optional.empty()))))
                .endsWith(",\"recorded\":false}");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
