package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepresentationTest {

    private static final Set<Representation> ALL = EnumSet.allOf(Representation.class);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | JSON",
                "*/* | JSON",
                "application/* | JSON",
                "text/plain | TEXT",
                "text/* | TEXT",
                "TEXT/Plain;charset=utf-8 | TEXT",
                "application/octet-stream | OCTETS",
                "text/html,application/xhtml+xml,*/*;q=0.8 | JSON",
                "text/plain;q=0.5, application/json;q=0.4 | TEXT",
                "application/json;q=0, */* | TEXT",
                "application/octet-stream, text/plain | TEXT",
                "text/plain;q=0.3, */*;q=0.2, application/octet-stream;q=0.9 | OCTETS",
                "nonsense, text/plain | TEXT"
            })
    void theClientsFirstChoiceWins(String accept, Representation expected) {
        assertThat(Representation.choose(List.of(accept), ALL)).isEqualTo(expected);
    }

    @Test
    void withoutAnAcceptHeaderItIsJson() {
        assertThat(Representation.choose(List.of(), ALL)).isEqualTo(Representation.JSON);
        assertThat(Representation.choose(List.of(" "), ALL)).isEqualTo(Representation.JSON);
    }

    @Test
    void severalHeadersCountAsOne() {
        assertThat(Representation.choose(List.of("text/html", "text/plain"), ALL))
                .isEqualTo(Representation.TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/*", "*/*;q=0", "json", "application/json;q=7", "*/json", "/"})
    void whatCannotBeAnsweredIsRefused(String accept) {
        assertThatThrownBy(() -> Representation.choose(List.of(accept), ALL))
                .isInstanceOfSatisfying(RefusedRequestException.class, e -> assertThat(e.status())
                        .isEqualTo(406))
                .hasMessage("Accept must allow one of application/json, text/plain, application/octet-stream, got '"
                        + accept + "'");
    }

    @Test
    void onlyWhatIsOfferedCounts() {
        assertThatThrownBy(() -> Representation.choose(
                        List.of("application/octet-stream"), EnumSet.of(Representation.JSON, Representation.TEXT)))
                .isInstanceOf(RefusedRequestException.class);
    }
}
