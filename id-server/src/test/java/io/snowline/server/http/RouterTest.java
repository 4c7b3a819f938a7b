package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.http.Router.RouteMatch;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {

    private final Router<String> paths = new Router<>("/", Map.of("orders", "the orders"));

    @ParameterizedTest
    @CsvSource({
        "/v1/orders/id, ONE, ''",
        "/v1/orders/id/, ONE, ''",
        "/v1/orders/ids, MANY, ''",
        "/v1/orders/ids/, MANY, ''",
        "/v1/orders/range, RANGE, ''",
        "/v1/orders/range/, RANGE, ''",
        "/v1/orders/ids/range, DECODE, range",
        "/v1/orders/ids/5, DECODE, 5",
        "/v1/orders/ids/5/, DECODE, 5",
        "/v1/orders/ids/id, DECODE, id",
        "/v1/orders/times, TIMES, ''",
        "/v1/orders/times/, TIMES, ''"
    })
    void eachCallIsFound(String path, Route call, String id) {
        assertThat(paths.find(path)).isEqualTo(new RouteMatch<>(call, "orders", "the orders", id));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/v1",
                "/v1/",
                "/v1/orders",
                "/v1/orders/",
                "/v1/orders/idd",
                "/v1/orders/ranges",
                "/v1/orders/range/5",
                "/v1/orders/ids/5/6",
                "/v1/orders/ids//",
                "/v1/orders/times/5",
                "/V1/orders/id",
                "/v1/orders/ID",
                "/v2/orders/id",
                "/orders/id",
                "/x/v1/orders/id"
            })
    void everythingElseIsNoPathOfOurs(String path) {
        assertThat(paths.find(path)).isNull();
    }

    @Test
    void aNamespaceThatNobodyKnowsIsFoundAsOne() {
        assertThat(paths.find("/v1/missing/ids/5")).isEqualTo(new RouteMatch<>(Route.DECODE, "missing", null, "5"));
    }

    @Test
    void allOfItLiesUnderTheContext() {
        Router<String> below = new Router<>("/service", Map.of("orders", "the orders"));

        assertThat(below.find("/service/v1/orders/id")).isNotNull();
        assertThat(below.find("/v1/orders/id")).isNull();
    }
}
