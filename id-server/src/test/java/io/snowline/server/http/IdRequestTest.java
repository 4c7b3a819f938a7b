package io.snowline.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdRequestTest {

    @Test
    void withoutParametersItIsOneDecimalId() {
        IdRequest expected = new IdRequest(1, IdNotation.DECIMAL, OptionalInt.empty());

        assertThat(IdRequest.one(query(null), Settings.leased())).isEqualTo(expected);
        assertThat(IdRequest.batch(query(null), Settings.leased())).isEqualTo(expected);
    }

    @Test
    void everyParameterIsRead() {
        assertThat(IdRequest.batch(query("count=100&format=base32&node=9"), Settings.recorded()))
                .isEqualTo(new IdRequest(100, IdNotation.BASE32, OptionalInt.of(9)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "101",
                "1000000000000000000000000000000",
                "",
                "+5",
                "%205",
                "5%20",
                "5.0",
                "1e2",
                "0x1",
                "%D9%A3",
                "%EF%BC%95",
                "five",
                "99999999999999999999"
            })
    void aCountOutsideTheRuleIsRefusedWithRuleAndValue(String count) {
        assertThatThrownBy(() -> IdRequest.batch(query("count=" + count), Settings.leased()))
                .isInstanceOfSatisfying(RefusedRequestException.class, e -> assertThat(e.status())
                        .isEqualTo(400))
                .hasMessageStartingWith("count must be a whole number from 1 to 100, got '");
    }

    @Test
    void aRangeIsAskedForByItsCountAlone() {
        assertThat(IdRequest.range(query(null), Settings.leased())).isEqualTo(1);
        assertThat(IdRequest.range(query("count=1000"), Settings.leased())).isEqualTo(1_000);
        assertThatThrownBy(() -> IdRequest.range(query("count=1001"), Settings.leased()))
                .hasMessage("count must be a whole number from 1 to 1000, got '1001'");
        assertThatThrownBy(() -> IdRequest.range(query("count=5&format=hex"), Settings.leased()))
                .hasMessage("parameters must be among [count], got 'format'");
        assertThatThrownBy(() -> IdRequest.range(query("count=5"), Settings.recorded()))
                .isInstanceOfSatisfying(RefusedRequestException.class, e -> assertThat(e.status())
                        .isEqualTo(400))
                .hasMessage("a range can be asked for in leased mode only, and orders is recorded");
    }

    @ParameterizedTest
    @CsvSource({"4", "10", "-5", "seven", "''"})
    void aNodeOutsideTheRangeIsRefusedWithRuleAndValue(String node) {
        assertThatThrownBy(() -> IdRequest.one(query("node=" + node), Settings.recorded()))
                .isInstanceOf(RefusedRequestException.class)
                .hasMessage("node must be a whole number from 5 to 9, got '" + node + "'");
    }

    @Test
    void aNodeIsRefusedInLeasedMode() {
        assertThatThrownBy(() -> IdRequest.one(query("node=7"), Settings.leased()))
                .isInstanceOf(RefusedRequestException.class)
                .hasMessage("node can be named in recorded mode only, and orders is leased, got '7'");
    }

    @Test
    void aCountIsRefusedWhereItWouldMeanNothing() {
        assertThatThrownBy(() -> IdRequest.one(query("count=5"), Settings.leased()))
                .isInstanceOf(RefusedRequestException.class)
                .hasMessage("count belongs to /v1/orders/ids; /id answers with one ID, got '5'");
    }

    @Test
    void anUnknownFormatIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> IdRequest.one(query("format=roman"), Settings.leased()))
                .isInstanceOf(RefusedRequestException.class)
                .hasMessage("format must be one of decimal, number, hex, base62, base32, got 'roman'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"count=1&count=1", "format=hex&format=hex", "node=5&node=5"})
    void aRepeatedParameterIsRefused(String query) {
        assertThatThrownBy(() -> IdRequest.batch(query(query), Settings.recorded()))
                .isInstanceOf(RefusedRequestException.class)
                .hasMessageContaining("must be given once, got 2 values");
    }

    private static QueryParameters query(String text) {
        return QueryParameters.parse(text);
    }
}
