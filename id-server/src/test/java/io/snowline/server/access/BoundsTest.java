package io.snowline.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The arithmetic of the bounds; their clocks are moved by hand. */
class BoundsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private long nanos = Long.MAX_VALUE - 10; // such a clock may overflow
    private Instant wall = Instant.parse("2026-11-30T23:59:00Z");

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return wall;
        }
    };

    @Test
    void aRateHoldsOnAverageAndMayBeExceededByOneRequest() {
        RateLimit rate = new RateLimit(100, SECOND, () -> nanos);

        assertThat(rate.take(99)).isZero();
        assertThat(rate.take(500)).as("there is room for one").isZero();
        assertThat(rate.take(1)).isEqualTo(Duration.ofSeconds(5));

        nanos += Duration.ofMillis(4_900).toNanos();
        assertThat(rate.take(1)).isPositive();
        nanos += Duration.ofMillis(100).toNanos();
        assertThat(rate.take(1)).isZero();
    }

    @Test
    void aRateTakesNoMoreOverALongTime() {
        RateLimit rate = new RateLimit(100, SECOND, () -> nanos);
        int taken = 0;
        for (int i = 0; i < 60_000; i++) {
            taken += rate.take(1).isZero() ? 1 : 0;
            nanos += 1_000_000;
        }
        assertThat(taken).isBetween(60 * 100, 61 * 100);
    }

    @Test
    void aDaysQuotaIsExactAndBeginsAnewAtMidnight() {
        DailyQuota quota = new DailyQuota(10, clock);

        assertThat(quota.take(9)).isZero();
        assertThat(quota.take(2)).isEqualTo(Duration.ofMinutes(1));
        assertThat(quota.take(1)).isZero();
        quota.giveBack(3);
        assertThat(quota.take(4)).isPositive();
        assertThat(quota.take(3)).isZero();

        wall = wall.plus(Duration.ofMinutes(1));
        assertThat(quota.take(10)).isZero();
    }

    @Test
    void answersInFlightAreBoundedButForASingleLargeOne() {
        AnswersInFlight answers = new AnswersInFlight(100);

        assertThat(answers.add(1_000)).as("there is no other").isTrue();
        assertThat(answers.add(1)).isFalse();
        answers.remove(1_000);
        assertThat(answers.add(60)).isTrue();
        assertThat(answers.add(41)).isFalse();
        assertThat(answers.add(40)).isTrue();
        assertThat(answers.octets()).isEqualTo(100);
    }

    @Test
    void clientsAreToldApartByTheNameOfTheirTokens() {
        TokenSettings settings = new TokenSettings(
                List.of(
                        Token.parse("billing: the-first-of-billing"),
                        Token.parse("billing: the-second-of-billing"),
                        Token.parse("a-token-without-a-name")),
                Optional.empty());
        Clients clients = new Clients(
                new LiveTokens("orders", settings), OptionalInt.of(5), OptionalLong.of(7), () -> nanos, clock);

        Client billing = clients.withToken("the-first-of-billing").orElseThrow();
        assertThat(clients.withToken("the-second-of-billing")).containsSame(billing);
        Client other = clients.withToken("a-token-without-a-name").orElseThrow();
        assertThat(other.name()).isEmpty();
        assertThat(clients.withToken("another-token-altogether")).isEmpty();

        assertThat(billing.takeOfSecond(5)).isZero();
        assertThat(billing.takeOfSecond(1)).isPositive();
        assertThat(other.takeOfSecond(1)).as("each has its own").isZero();
        assertThat(billing.takeOfDay(8)).isPositive();
        assertThat(billing.takeOfDay(7)).isZero();
    }

    @Test
    void ofAnIpv6AddressTheNetworkCounts() throws UnknownHostException {
        FailedLogins failures = new FailedLogins(1, () -> nanos);
        failures.failed(address("2001:db8:0:1::1"));

        assertThat(failures.waitLeft(address("2001:db8:0:1:ffff::2"))).isPositive();
        assertThat(failures.waitLeft(address("2001:db8:0:2::1"))).isZero();
    }

    @Test
    void failuresOfManyAddressesTakeABoundedAmountOfMemory() throws UnknownHostException {
        FailedLogins failures = new FailedLogins(1, () -> nanos);
        for (int i = 0; i < 12_000; i++) {
            failures.failed(InetSocketAddress.createUnresolved("client-" + i, 1));
        }
        assertThat(failures.waitLeft(InetSocketAddress.createUnresolved("client-5", 1)))
                .isPositive();
        assertThat(failures.size()).isEqualTo(10_000);

        nanos += Duration.ofMinutes(1).toNanos();
        failures.failed(address("192.0.2.1"));
        assertThat(failures.size()).as("the others have waited long enough").isEqualTo(1);
    }

    private static SocketAddress address(String literal) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(literal), 1);
    }
}
