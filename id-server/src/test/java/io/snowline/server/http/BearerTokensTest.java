package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.server.access.Client;
import io.snowline.server.access.Clients;
import io.snowline.server.access.FailedLogins;
import io.snowline.server.access.LiveTokens;
import io.snowline.server.access.Token;
import io.snowline.server.access.TokenSettings;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokensTest {

    private static final SocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 1);
    private static final SocketAddress OTHER = new InetSocketAddress("192.0.2.2", 1);

    private long now = 5;
    private final FailedLogins failures = new FailedLogins(3, () -> now);
    private final BearerTokens tokens = guard("first-of-the-tokens", "second-of-the-tokens");

    private BearerTokens guard(String... listed) {
        LiveTokens live = new LiveTokens(
                "orders",
                new TokenSettings(Arrays.stream(listed).map(Token::parse).toList(), Optional.empty()));
        return new BearerTokens(
                new Clients(live, OptionalInt.empty(), OptionalLong.empty(), () -> now, Clock.systemUTC()), failures);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer first-of-the-tokens",
                "Bearer second-of-the-tokens",
                "bearer first-of-the-tokens",
                "BEARER  second-of-the-tokens "
            })
    void anyOfTheTokensOpens(String authorization) {
        assertThatCode(() -> check(tokens, headers(authorization), CLIENT)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer third-of-the-tokens",
                "Bearer first-of-the-token",
                "Basic first-of-the-tokens",
                "first-of-the-tokens",
                "Bearer First-of-the-tokens"
            })
    void nothingElseDoes(String authorization) {
        assertThatThrownBy(() -> check(tokens, headers(authorization), CLIENT))
                .isInstanceOfSatisfying(RefusedRequestException.class, e -> {
                    assertThat(e.status()).isEqualTo(401);
                    assertThat(e.headers()).containsEntry("WWW-Authenticate", "Bearer");
                })
                .hasMessageNotContaining("first");
    }

    @Test
    void withoutTokensEverybodyMayPass() {
        assertThatCode(() -> check(guard(), headers(null), CLIENT)).doesNotThrowAnyException();
    }

    @Test
    void twoOfThemAreNotUnderstood() {
        HttpFields two = HttpFields.build()
                .add(HttpHeader.AUTHORIZATION, "Bearer first-of-the-tokens")
                .add(HttpHeader.AUTHORIZATION, "Bearer second-of-the-tokens");
        assertThatThrownBy(() -> check(tokens, two, CLIENT))
                .isInstanceOfSatisfying(RefusedRequestException.class, e -> assertThat(e.status())
                        .isEqualTo(400))
                .hasMessage("Authorization must be given once");
    }

    @Test
    void aTokenMayBeKnownByItsHashAlone() {
        BearerTokens hashed = guard("billing: sha256:2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824");

        assertThat(check(hashed, headers("Bearer hello"), CLIENT).name()).isEqualTo("billing");
    }

    @Test
    void anAddressThatSendsTooManyWrongOnesHasToWait() {
        for (int i = 0; i < 3; i++) {
            assertStatus(401, "Bearer a-wrong-one-" + i, CLIENT);
        }
        assertStatus(429, "Bearer first-of-the-tokens", CLIENT);
        assertThatCode(() -> check(tokens, headers("Bearer first-of-the-tokens"), OTHER))
                .doesNotThrowAnyException();

        now += Duration.ofSeconds(21).toNanos(); // a third of the minute: one of the three is forgiven
        assertThatCode(() -> check(tokens, headers("Bearer first-of-the-tokens"), CLIENT))
                .doesNotThrowAnyException();
        assertStatus(401, "Bearer a-wrong-one-again", CLIENT);
        assertStatus(429, "Bearer first-of-the-tokens", CLIENT);
    }

    @Test
    void aRequestWithoutATokenIsNoAttempt() {
        for (int i = 0; i < 10; i++) {
            assertStatus(401, null, CLIENT);
        }
    }

    private void assertStatus(int status, @Nullable String authorization, SocketAddress from) {
        assertThatThrownBy(() -> check(tokens, headers(authorization), from))
                .isInstanceOfSatisfying(RefusedRequestException.class, e -> assertThat(e.status())
                        .isEqualTo(status));
    }

    private static Client check(BearerTokens tokens, HttpFields headers, SocketAddress from) {
        Client everyone = tokens.everyone(headers);
        return everyone == null ? tokens.withToken(headers.get(HttpHeader.AUTHORIZATION), from) : everyone;
    }

    private static HttpFields headers(@Nullable String authorization) {
        HttpFields.Mutable headers = HttpFields.build();
        return authorization == null ? headers : headers.add(HttpHeader.AUTHORIZATION, authorization);
    }
}
