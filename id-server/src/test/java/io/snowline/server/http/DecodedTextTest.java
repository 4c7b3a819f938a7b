package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.DecodedId;
import io.snowline.server.issuing.Recording;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecodedTextTest {

    @Test
    void aDecodedIdShowsMillisecondsAlways() {
        DecodedId decoded = new DecodedId(7, Instant.parse("2026-11-23T05:00:00Z"), 5, 12);

        assertThat(text(DecodedText.json(decoded, IdNotation.DECIMAL, Optional.empty())))
                .isEqualTo("{\"id\":\"7\",\"timestamp\":\"2026-11-23T05:00:00.000Z\",\"node\":5,\"sequence\":12}");
    }

    @Test
    void aDecodedIdSaysWhetherAndWhenItWasRecorded() {
        DecodedId decoded = new DecodedId(7, Instant.EPOCH, 5, 12);

        assertThat(text(DecodedText.json(
                        decoded, IdNotation.DECIMAL, Optional.of(new Recording(Optional.of(Instant.ofEpochMilli(1)))))))
                .endsWith(",\"recorded\":true,\"recordedAt\":\"1970-01-01T00:00:00.001Z\"}");
        assertThat(text(DecodedText.json(decoded, IdNotation.DECIMAL, Optional.of(new Recording(Optional.empty())))))
                .endsWith(",\"recorded\":false}");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
