package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest {

    @Test
    void valuesAreDecoded() {
        QueryParameters query = QueryParameters.parse("a=1&b=%D9%A3&c&=x&d=a=b");

        assertThat(query.value("a")).contains("1");
        assertThat(query.value("b")).contains("\u0663");
        assertThat(query.value("c")).contains("");
        assertThat(query.value("d")).contains("a=b");
        assertThat(query.value("e")).isEmpty();
    }

    @Test
    void aPlusSignStaysOne() {
        assertThat(QueryParameters.parse("count=+5").value("count")).contains("+5");
    }

    @Test
    void noQueryHasNoValues() {
        assertThat(QueryParameters.parse(null).value("a")).isEmpty();
        assertThat(QueryParameters.parse("").value("a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%2", "a=%zz", "a=%C3%28", "%FF=1", "a=%-1"})
    void brokenEncodingIsRefused(String query) {
        assertThatThrownBy(() -> QueryParameters.parse(query))
                .isInstanceOfSatisfying(RefusedRequestException.class, e -> assertThat(e.status())
                        .isEqualTo(400))
                .hasMessageContaining("must be percent-encoded UTF-8, got '");
    }

    @Test
    void aRepeatedParameterIsRefusedWithItsValues() {
        assertThatThrownBy(() -> QueryParameters.parse("count=1&count=2").value("count"))
                .isInstanceOf(RefusedRequestException.class)
                .hasMessage("count must be given once, got 2 values: '1' and '2'");
    }
}
