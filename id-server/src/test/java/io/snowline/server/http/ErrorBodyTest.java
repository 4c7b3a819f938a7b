package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ErrorBodyTest {

    @Test
    void theMessageIsEscaped() {
        assertThat(new String(ErrorBody.of(400, "got '\"\u0001\u0663'"), StandardCharsets.UTF_8))
                .isEqualTo("{\"code\":400,\"message\":\"got '\\\"\\u0001\u0663'\"}");
    }

    @Test
    void aLongValueIsCut() {
        assertThat(ErrorBody.quote("x".repeat(1000))).isEqualTo("'" + "x".repeat(80) + "…' (1000 characters)");
    }
}
