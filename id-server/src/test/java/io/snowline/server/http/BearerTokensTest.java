package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokensTest {

    private final BearerTokens tokens = new BearerTokens(List.of("first", "second"));

    @ParameterizedTest
    @ValueSource(strings = {"Bearer first", "Bearer second", "bearer first", "BEARER  second "})
    void anyOfTheTokensOpens(String authorization) {
        assertThatCode(() -> tokens.check(headers(authorization))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "Bearer", "Bearer ", "Bearer third", "Bearer firs", "Basic first", "first", "Bearer First"})
    void nothingElseDoes(String authorization) {
        assertThatThrownBy(() -> tokens.check(headers(authorization)))
                .isInstanceOfSatisfying(RefusedRequestException.class, e -> {
                    assertThat(e.status()).isEqualTo(401);
                    assertThat(e.headers()).containsEntry("WWW-Authenticate", "Bearer");
                })
                .hasMessageNotContaining("first");
    }

    @Test
    void withoutTokensEverybodyMayPass() {
        assertThatCode(() -> new BearerTokens(List.of()).check(headers(null))).doesNotThrowAnyException();
    }

    @Test
    void twoOfThemAreNotUnderstood() {
        HttpFields two = HttpFields.build()
                .add(HttpHeader.AUTHORIZATION, "Bearer first")
                .add(HttpHeader.AUTHORIZATION, "Bearer second");
        assertThatThrownBy(() -> tokens.check(two))
                .isInstanceOfSatisfying(RefusedRequestException.class, e -> assertThat(e.status())
                        .isEqualTo(400))
                .hasMessage("Authorization must be given once");
    }

    private static HttpFields headers(@Nullable String authorization) {
        HttpFields.Mutable headers = HttpFields.build();
        return authorization == null ? headers : headers.add(HttpHeader.AUTHORIZATION, authorization);
    }
}
