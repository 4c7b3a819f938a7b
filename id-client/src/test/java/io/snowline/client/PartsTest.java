package io.snowline.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdUnavailableException.Reason;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What decides how much is asked for, of whom, and how often. */
class PartsTest {

    private static final long SECOND = 1_000_000_000;
    private static final List<URI> THREE =
            List.of(URI.create("http://a"), URI.create("http://b"), URI.create("http://c"));

    private final Servers servers = new Servers(THREE, new SplittableRandom(5));

    // ---- size ----

    @Test
    void aBusyClientAsksForAFifthOfASecondsWorth() {
        RangeSize size = new RangeSize(65_536);
        int asked = 0;
        for (int i = 0; i < 20; i++) {
            asked = size.next(100_000 / 5, SECOND / 5, 0);
        }
        assertThat(asked).isEqualTo(20_000);
    }

    @Test
    void theSizeAtMostDoublesOrHalves() {
        RangeSize size = new RangeSize(65_536);
        assertThat(size.next(0, SECOND, 0)).isEqualTo(16);
        assertThat(size.next(8, 1, 0)).isEqualTo(32);
        assertThat(size.next(16, 1, 0)).isEqualTo(64);
        assertThat(size.next(3, 60 * SECOND, 0)).isEqualTo(32);
        assertThat(size.next(0, 60 * SECOND, 0)).isEqualTo(16);
        assertThat(size.next(0, 60 * SECOND, 0)).isEqualTo(16);
    }

    @Test
    void whoWaitsIsServedAtOnceUpToTheLargestSize() {
        RangeSize size = new RangeSize(65_536);
        assertThat(size.next(16, 1, 10_000)).isEqualTo(10_000);
        assertThat(size.next(16, 1, 1_000_000)).isEqualTo(65_536);
        assertThat(new RangeSize(5).next(0, 1, 100)).isEqualTo(5);
    }

    @Test
    void whatAServerRefusesIsAskedForInHalves() {
        RangeSize size = new RangeSize(65_536);
        assertThat(size.lessThan(65_536)).isEqualTo(32_768);
        assertThat(size.next(1_000_000, 1, 1_000_000)).isEqualTo(32_768);
        assertThat(size.lessThan(17)).isEqualTo(16);
        assertThat(size.lessThan(16)).isZero();
    }

    // ---- retries ----

    @Test
    void oneOfTenSuccessesPaysForARetry() {
        RetryBudget budget = new RetryBudget();
        for (int i = 0; i < 10; i++) {
            assertThat(budget.spend()).isTrue();
        }
        assertThat(budget.spend()).isFalse();
        for (int i = 0; i < 9; i++) {
            budget.succeeded();
            assertThat(budget.spend()).isFalse();
        }
        budget.succeeded();
        assertThat(budget.spend()).isTrue();
        for (int i = 0; i < 10_000; i++) {
            budget.succeeded();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(budget.spend()).isTrue();
        }
        assertThat(budget.spend()).isFalse();
    }

    // ---- servers ----

    @Test
    void theFirstServerIsChosenAtRandom() {
        Set<URI> chosen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            chosen.add(new Servers(THREE, new SplittableRandom(i)).kept());
        }
        assertThat(chosen).containsExactlyInAnyOrderElementsOf(THREE);
    }

    @Test
    void theServerThatAnsweredIsKeptAndThoseThatFailedComeLast() {
        Server second = servers.inOrder(0).get(1);
        Server third = servers.inOrder(0).get(2);
        servers.keep(second);
        assertThat(servers.inOrder(0).get(0)).isSameAs(second);
        assertThat(servers.inOrder(0).get(1)).isSameAs(third);

        servers.failed(second, Failure.unavailable("b is down"), 0);

        assertThat(servers.inOrder(0).get(0)).isSameAs(third);
        assertThat(servers.inOrder(0).get(2)).isSameAs(second);
        assertThat(servers.inOrder(2 * SECOND).get(0)).isSameAs(second);
        assertThat(servers.restNanos(0)).isZero();
    }

    @Test
    void aServerRestsTwiceAsLongEachTimeUpToHalfAMinute() {
        Server server = servers.inOrder(0).get(0);
        long most = SECOND;
        for (int i = 0; i < 10; i++) {
            servers.failed(server, Failure.unavailable("down"), 0);
            assertThat(server.restsForNanos(0)).isBetween(most / 2, most);
            most = Math.min(30 * SECOND, 2 * most);
        }
        servers.keep(server);
        assertThat(server.restsForNanos(0)).isZero();
        servers.failed(server, Failure.unavailable("down"), 0);
        assertThat(server.restsForNanos(0)).isLessThanOrEqualTo(SECOND);
    }

    @Test
    void aServerRestsAsLongAsItAsksForUpToHalfAMinute() {
        Server server = servers.inOrder(0).get(0);
        servers.failed(server, new Failure(Reason.SERVER_UNAVAILABLE, "later", 7 * SECOND), 0);
        assertThat(server.restsForNanos(0)).isEqualTo(7 * SECOND);
        servers.failed(server, new Failure(Reason.SERVER_UNAVAILABLE, "much later", 86_400 * SECOND), 0);
        assertThat(server.restsForNanos(0)).isEqualTo(30 * SECOND);
    }

    @Test
    void onlyIfAllServersRefuseIsItARefusal() {
        List<Server> all = servers.inOrder(0);
        assertThat(servers.failure("orders")).isEmpty();
        servers.failed(all.get(0), Failure.refused("401"), 0);
        servers.failed(all.get(1), Failure.refused("404"), 0);
        assertThat(servers.failure("orders").orElseThrow().reason()).isEqualTo(Reason.SERVER_UNAVAILABLE);
        servers.failed(all.get(2), Failure.refused("406"), 0);
        assertThat(servers.failure("orders").orElseThrow().reason()).isEqualTo(Reason.REQUEST_REFUSED);
        assertThat(servers.failure("orders").orElseThrow().message())
                .startsWith("no server gives IDs of namespace 'orders': ")
                .contains("401", "404", "406");
    }
}
