package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokensTest {

    private final BearerTokens tokens = new BearerTokens(List.of("first", "second"));

    @ParameterizedTest
    @ValueSource(strings = {"Bearer first", "Bearer second", "bearer first", "BEARER  second "})
    void anyOfTheTokensOpens(String authorization) {
        assertThatCode(() -> tokens.check(authorization)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "Bearer", "Bearer ", "Bearer third", "Bearer firs", "Basic first", "first", "Bearer First"})
    void nothingElseDoes(String authorization) {
        assertThatThrownBy(() -> tokens.check(authorization))
                .isInstanceOfSatisfying(RefusedRequestException.class, e -> {
                    assertThat(e.status()).isEqualTo(401);
                    assertThat(e.headers()).containsEntry("WWW-Authenticate", "Bearer");
                })
                .hasMessageNotContaining("first");
    }

    @Test
    void withoutTokensEverybodyMayPass() {
        assertThatCode(() -> new BearerTokens(List.of()).check(null)).doesNotThrowAnyException();
    }
}
