package io.snowline.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snowline.client.TestServer.Reply;
import io.snowline.client.TestServer.Request;
import io.snowline.client.TestServer.Then;
import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.IdUnavailableException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client whose servers, or what is between, do not do what they should. */
@Timeout(60)
class ClientFaultsTest {

    private static final byte[] HTML = "<html><body>Log in, please</body></html>".getBytes(US_ASCII);

    private final TestServer bad = new TestServer(1, ServerSocketFactory.getDefault());
    private final TestServer good = new TestServer(2, ServerSocketFactory.getDefault());
    private final AtomicLong skipped = new AtomicLong();
    private final List<SnowlineClient> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(SnowlineClient::close);
        bad.close();
        good.close();
    }

    private SnowlineClient start(SnowlineClient.Builder builder) {
        SnowlineClient client = builder.start();
        clients.add(client);
        return client;
    }

    private static SnowlineClient.Builder client(TestServer... servers) {
        return SnowlineClient.builder("orders")
                .servers(List.of(servers).stream().map(TestServer::uri).toArray(String[]::new))
                .requestTimeout(Duration.ofMillis(300));
    }

    /** The client's clock: this machine's, and what the test has skipped. */
    private long now() {
        return System.nanoTime() + skipped.get();
    }

    /** Takes an ID, and returns why there is none; null if there is one. */
    private static IdUnavailableException refusal(SnowlineClient ids) {
        return catchThrowableOfType(IdUnavailableException.class, ids::nextId);
    }

    private static int node(long id) {
        return TestServer.LAYOUT.node(id);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertThat(Thread.interrupted()).as("the test's time is over").isFalse();
            LockSupport.parkNanos(1_000_000); // a thread of the client's, which no clock moves
        }
    }

    // ---- answers that are none ----

    /** What a server does instead of giving a range. */
    enum Fault {
        HEADERS_AND_THEN_NOTHING(Reason.SERVER_UNAVAILABLE, "did not answer within 200 ms"),
        NOTHING_AT_ALL(Reason.SERVER_UNAVAILABLE, "did not answer within 200 ms"),
        A_BODY_WITHOUT_END(Reason.REQUEST_REFUSED, "got 4096 bytes that are not one"),
        THE_END_OF_THE_CONNECTION(Reason.SERVER_UNAVAILABLE, "ended the connection"),
        NO_HTTP(Reason.SERVER_UNAVAILABLE, "ended the connection"),
        HTML_WITH_200(Reason.REQUEST_REFUSED, "got 40 bytes that are not one"),
        HTML_WITH_404(Reason.REQUEST_REFUSED, "answered 404"),
        ANOTHER_PLACE(Reason.REQUEST_REFUSED, "answered 302"),
        AN_EMPTY_BODY(Reason.REQUEST_REFUSED, "got 0 bytes that are not one"),
        A_CUT_BODY(Reason.SERVER_UNAVAILABLE, "ended the connection"),
        A_SHORT_BODY(Reason.REQUEST_REFUSED, "got 20 bytes that are not one"),
        ANOTHER_NAMESPACE(Reason.REQUEST_REFUSED, "of namespace 'orders', got one of another"),
        ANOTHER_FIRST_ID(Reason.REQUEST_REFUSED, "the range's first ID must be"),
        MORE_THAN_ASKED_FOR(Reason.REQUEST_REFUSED, "must have at most 16 IDs, got 17"),
        BEYOND_THE_LAYOUT(Reason.REQUEST_REFUSED, "answered 200, but"),
        GOOD_FOR_NOTHING(Reason.REQUEST_REFUSED, "goodForMillis must be at least 1, got 0"),
        BAD_REQUEST(Reason.REQUEST_REFUSED, "answered 400: {\"code\":400,\"message\":\"because of 400\"}"),
        NOT_ACCEPTABLE(Reason.REQUEST_REFUSED, "answered 406"),
        UNAUTHORIZED(Reason.REQUEST_REFUSED, "answered 401"),
        TOO_MANY(Reason.SERVER_UNAVAILABLE, "answered 429"),
        BAD_GATEWAY(Reason.SERVER_UNAVAILABLE, "answered 502"),
        UNAVAILABLE(Reason.SERVER_UNAVAILABLE, "answered 503: {\"code\":503,\"message\":\"because of 503\"}"),
        GATEWAY_TIMEOUT(Reason.SERVER_UNAVAILABLE, "answered 504");

        private final Reason reason;
        private final String words;

        Fault(Reason reason, String words) {
            this.reason = reason;
            this.words = words;
        }

        boolean silent() {
            return words.startsWith("did not answer");
        }

        Reply reply(TestServer server, Request request) {
            IdRange range = new IdRange(TestServer.LAYOUT, 1, 5_000, 16);
            return switch (this) {
                case HEADERS_AND_THEN_NOTHING ->
                    server.range(request).without(54).then(Then.HANG);
                case NOTHING_AT_ALL -> new Reply(new byte[0], Then.HANG);
                case A_BODY_WITHOUT_END ->
                    new Reply(
                            ("HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n" + "x".repeat(100_000))
                                    .getBytes(US_ASCII),
                            Then.HANG);
                case THE_END_OF_THE_CONNECTION -> new Reply(new byte[0], Then.CLOSE);
                case NO_HTTP -> new Reply("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(US_ASCII), Then.CLOSE);
                case HTML_WITH_200 -> TestServer.reply("200 OK", "Content-Type: text/html\r\n", HTML);
                case HTML_WITH_404 -> TestServer.reply("404 Not Found", "Content-Type: text/html\r\n", HTML);
                case ANOTHER_PLACE ->
                    TestServer.reply("302 Found", "Location: http://127.0.0.1:1/login\r\n", new byte[0]);
                case AN_EMPTY_BODY -> TestServer.ok(new byte[0]);
                case A_CUT_BODY -> server.range(request).without(10);
                case A_SHORT_BODY -> TestServer.ok(new byte[20]);
                case ANOTHER_NAMESPACE -> server.range(range, "others");
                case ANOTHER_FIRST_ID -> server.range(range, "orders", range.first() + 1);
                case MORE_THAN_ASKED_FOR -> server.range(new IdRange(TestServer.LAYOUT, 1, 5_000, 17), "orders");
                case BEYOND_THE_LAYOUT -> {
                    Reply reply = server.range(range, "orders");
                    reply.octets()[reply.octets().length - 54 + 24] = 60; // bits of the timestamp
                    yield reply;
                }
                case GOOD_FOR_NOTHING -> server.goodForMillis(0).range(range, "orders");
                case BAD_REQUEST -> TestServer.error(400, "");
                case NOT_ACCEPTABLE -> TestServer.error(406, "");
                case UNAUTHORIZED -> TestServer.error(401, "WWW-Authenticate: Bearer\r\n");
                case TOO_MANY -> TestServer.error(429, "Retry-After: 1\r\n");
                case BAD_GATEWAY -> TestServer.reply("502 Bad Gateway", "", HTML);
                case UNAVAILABLE -> TestServer.error(503, "");
                case GATEWAY_TIMEOUT -> TestServer.reply("504 Gateway Timeout", "", HTML);
            };
        }
    }

    static List<Fault> faults() {
        return List.of(Fault.values());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aCallerGetsTheReasonWithinItsWaitAndNoId(Fault fault) {
        bad.answer(request -> fault.reply(bad, request));
        SnowlineClient ids = start(client(bad)
                .token(() -> "our-secret")
                .requestTimeout(fault.silent() ? Duration.ofMillis(200) : Duration.ofSeconds(2))
                .maxWait(Duration.ofMillis(400)));
        await(() -> ids.status().problem().orElse("").startsWith("no server gives IDs"));
        long began = System.nanoTime();

        IdUnavailableException refusal = refusal(ids);

        assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(3).toNanos());
        assertThat(refusal.reason()).isEqualTo(fault.reason);
        assertThat(refusal)
                .hasMessageStartingWith("no server gives IDs of namespace 'orders': " + bad.uri())
                .hasMessageContaining(fault.words)
                .hasMessageNotContaining("our-secret")
                .hasMessageNotContaining("<html>");
        assertThat(refusal.retryAfter()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(bad.asked()).isLessThan(4);
        assertThat(ids.status().ready()).isFalse();
        assertThat(ids.status().problem()).contains(refusal.getMessage());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void theNextServerIsAskedAtOnce(Fault fault) {
        bad.answer(request -> fault.reply(bad, request));
        for (int i = 0; i < 6; i++) { // the first one is chosen at random
            SnowlineClient ids = start(client(bad, good));
            assertThat(node(ids.nextId())).isEqualTo(2);
        }
    }

    @Test
    void aRedirectIsNotFollowed() {
        bad.answer(
                request -> TestServer.reply("307 Elsewhere", "Location: " + good.uri() + "/v1/orders/range\r\n", HTML));
        SnowlineClient ids = start(client(bad).maxWait(Duration.ofMillis(300)));

        assertThat(refusal(ids)).hasMessageContaining("answered 307");
        assertThat(good.asked()).isZero();
    }

    // ---- ranges that cannot be used ----

    @Test
    void aServerWhoseLayoutChangedIsRefused() {
        AtomicReference<IdLayout> layout = new AtomicReference<>(TestServer.LAYOUT);
        AtomicLong position = new AtomicLong(1_000);
        bad.answer(request -> bad.range(
                new IdRange(layout.get(), 1, position.getAndAdd(request.count()), request.count()), "orders"));
        SnowlineClient ids = start(client(bad).clock(this::now).maxWait(Duration.ofMillis(300)));
        ids.nextId();
        layout.set(IdLayout.classic(IdLayout.DEFAULT_EPOCH.plusSeconds(1)));
        skipped.addAndGet(Duration.ofHours(2).toNanos());

        assertThat(refusal(ids))
                .hasMessageContaining(
                        "the layout must be 41/10/12@1ms from 2025-01-01T00:00:00Z as before, got 41/10/12@1ms from 2025-01-01T00:00:01Z");
        assertThat(ids.layout()).isEqualTo(TestServer.LAYOUT);
    }

    @Test
    void aRangeThatWasGivenBeforeIsRefused() {
        AtomicInteger answers = new AtomicInteger();
        bad.answer(request -> switch (answers.getAndIncrement()) {
            case 0 -> bad.range(new IdRange(TestServer.LAYOUT, 1, 1_000, 16), "orders");
            case 1 -> bad.range(new IdRange(TestServer.LAYOUT, 1, 1_015, 16), "orders"); // its first ID was given
            case 2 -> bad.range(new IdRange(TestServer.LAYOUT, 1, 1_000, 16), "orders"); // all of it
            default -> bad.range(new IdRange(TestServer.LAYOUT, 1, 1_016, 16), "orders");
        });
        SnowlineClient ids = start(client(bad).clock(this::now).maxWait(Duration.ZERO));
        List<Long> issued = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        while (issued.size() < 32) {
            try {
                issued.add(ids.nextId());
            } catch (IdUnavailableException e) {
                refusals.add(e.getMessage());
                skipped.addAndGet(Duration.ofMillis(50).toNanos());
                LockSupport.parkNanos(1_000_000);
            }
        }

        assertThat(issued)
                .containsExactlyElementsOf(new IdRange(TestServer.LAYOUT, 1, 1_000, 32)
                        .ids()
                        .boxed()
                        .toList());
        assertThat(refusals)
                .anyMatch(text -> text.contains("must begin at position 1016 of node id 1 or above, got 1015"));
        assertThat(answers.get()).isGreaterThanOrEqualTo(4);
    }

    // ---- connections ----

    @Test
    void aServerThatClosesIdleConnectionsCostsNoCallAndNoRetry() {
        good.answer(request -> good.range(request).then(Then.CLOSE));
        SnowlineClient ids = start(client(good).clock(this::now).maxWait(Duration.ofSeconds(5)));
        for (int i = 0; i < 40; i++) {
            ids.nextId();
            skipped.addAndGet(
                    Duration.ofHours(2).toNanos()); // the next call asks again, on a connection that has ended
        }

        assertThat(ids.status().problem()).isEmpty();
    }

    // ---- refusals that end ----

    @Test
    void aServerIsLeftAloneForAsLongAsItAsks() {
        bad.answer(request -> TestServer.error(503, "Retry-After: 25\r\n"));
        SnowlineClient ids = start(client(bad).clock(this::now).maxWait(Duration.ofMillis(20)));
        await(() -> ids.status().problem().isPresent());

        assertThat(refusal(ids).retryAfter()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(25));
        skipped.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(refusal(ids)).isNotNull();
        int asked = bad.asked();
        bad.answer(bad::range);
        skipped.addAndGet(Duration.ofSeconds(15).toNanos());

        assertThat(asked).isEqualTo(1);
        awaitId(ids);
        assertThat(bad.asked()).isEqualTo(2);
    }

    /** Calls until there is an ID. */
    private static void awaitId(SnowlineClient ids) {
        await(() -> refusal(ids) == null);
    }

    @Test
    void aRetryAfterThatIsNoNumberOfSecondsIsIgnored() {
        bad.answer(request -> TestServer.error(503, "Retry-After: Wed, 21 Oct 2065 07:28:00 GMT\r\n"));
        SnowlineClient ids = start(client(bad).clock(this::now).maxWait(Duration.ofMillis(20)));
        await(() -> ids.status().problem().isPresent());

        assertThat(refusal(ids).retryAfter()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void afterARotationTheNewTokenIsTriedAtOnce() {
        AtomicReference<String> valid = new AtomicReference<>("old");
        AtomicReference<String> ours = new AtomicReference<>("old");
        Function<Request, Reply> guard = request -> {
            if (request.token().orElseThrow().equals(valid.get())) {
                return good.range(request);
            }
            ours.set("new"); // the client's side learns it just now
            return TestServer.error(401, "WWW-Authenticate: Bearer\r\n");
        };
        good.answer(guard);
        SnowlineClient ids = start(client(good).clock(this::now).token(ours::get));
        ids.nextId();
        valid.set("new");
        skipped.addAndGet(Duration.ofHours(2).toNanos());

        assertThat(ids.nextId()).isPositive();
        assertThat(ids.status().problem()).isEmpty();
    }

    @Test
    void aSupplierThatFailsOrGivesWhatIsNoTokenIsAReasonWithoutIt() {
        for (String secret : new String[] {"two words", "", "line\nend", "ü", "x".repeat(257)}) {
            SnowlineClient ids = start(client(good).token(() -> secret).maxWait(Duration.ofMillis(100)));
            assertThat(refusal(ids)).hasMessageContaining("the token must be 1 to 256 printable ASCII characters");
            assertThat(refusal(ids).getMessage()).doesNotContain("two words", "line", "xxx");
        }
        SnowlineClient ids = start(client(good).maxWait(Duration.ofMillis(100)).token(() -> {
            throw new IllegalStateException("the vault says: secret");
        }));
        assertThat(refusal(ids)).hasMessageContaining("the supplier of the token failed with java.lang.IllegalState");
        assertThat(refusal(ids)).hasMessageNotContaining("vault");
        assertThat(good.asked()).isZero();
    }

    @Test
    void aServerThatGivesLessThanIsAskedForIsAskedForLess() {
        good.answer(request -> request.count() > 100 ? TestServer.error(400, "") : good.range(request));
        SnowlineClient ids = start(client(good).maxWait(Duration.ofSeconds(5)));

        ids.nextIds(new long[20_000]);

        assertThat(good.requests()).filteredOn(request -> request.count() > 100).hasSizeLessThan(20);
        assertThat(ids.status().problem()).isEmpty();
    }

    // ---- outages ----

    @Test
    void oneServerIsKeptWhileItAnswersAndLeftWhenItDoesNot() {
        SnowlineClient ids = start(client(bad, good).clock(this::now).maxWait(Duration.ofSeconds(5)));
        int first = node(ids.nextId());
        for (int i = 0; i < 20; i++) {
            skipped.addAndGet(Duration.ofHours(2).toNanos());
            assertThat(node(ids.nextId())).isEqualTo(first);
        }
        (first == 1 ? bad : good).stop();
        skipped.addAndGet(Duration.ofHours(2).toNanos());

        for (int i = 0; i < 20; i++) {
            assertThat(node(ids.nextId())).isEqualTo(3 - first);
            skipped.addAndGet(Duration.ofHours(2).toNanos());
        }
    }

    @Test
    void whenTheLastServerThatWasUpFailsThoseThatFailedBeforeAreTried() {
        bad.goodForMillis(400);
        good.goodForMillis(400);
        SnowlineClient ids = start(client(bad, good).clock(this::now).maxWait(Duration.ofSeconds(5)));
        for (int i = 0; i < 4; i++) {
            TestServer kept = node(ids.nextId()) == 1 ? bad : good;
            kept.stop();
            skipped.addAndGet(Duration.ofMillis(400).toNanos());
            TestServer other = node(ids.nextId()) == 1 ? bad : good;
            assertThat(other).isNotSameAs(kept);
            kept.restart(); // to the client it is still to be left alone, for half a second at least
            other.stop();
            skipped.addAndGet(Duration.ofMillis(400).toNanos());
            assertThat(ids.nextId()).isPositive();
            other.restart();
            skipped.addAndGet(Duration.ofMinutes(1).toNanos());
        }
    }

    /**
     * Ten calls a second for a minute, by the client's clock: how many requests do two servers get that are down, and how
     * many when they are up?
     */
    @Test
    void serversThatAreAllDeadGetNoMoreRequestsThanHealthyOnes() {
        bad.goodForMillis(1_000);
        good.goodForMillis(1_000);
        SnowlineClient ids = start(client(bad, good).clock(this::now).maxWait(Duration.ofMillis(50)));
        int withIds = minute(ids);
        int healthy = bad.asked() + good.asked();
        bad.answer(request -> new Reply(new byte[0], Then.CLOSE));
        good.answer(request -> TestServer.error(503, ""));

        int withoutIds = minute(ids);
        int dead = bad.asked() + good.asked() - healthy;
        bad.answer(bad::range);
        good.answer(good::range);
        skipped.addAndGet(Duration.ofSeconds(30).toNanos());

        assertThat(withIds).isGreaterThan(500);
        assertThat(withoutIds).as("IDs from before the outage").isLessThan(40);
        assertThat(dead).isBetween(4, healthy * 11 / 10);
        awaitId(ids);
    }

    /** Returns how many calls got an ID. */
    private int minute(SnowlineClient ids) {
        int issued = 0;
        for (int i = 0; i < 600; i++) {
            skipped.addAndGet(Duration.ofMillis(100).toNanos());
            issued += refusal(ids) == null ? 1 : 0;
            LockSupport.parkNanos(1_000_000); // for the client's threads, which no clock moves
        }
        return issued;
    }

    @Test
    void whileOneServerAnswersNoCallFailsAndNoIdIsIssuedTwice() throws Exception {
        SnowlineClient ids = start(client(bad, good).maxRange(200).maxWait(Duration.ofSeconds(10)));
        Set<Long> seen = new HashSet<>();
        Map<Integer, Long> newest = new HashMap<>();
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 700; i++) {
                long id = ids.nextId();
                assertThat(seen.add(id)).isTrue();
                Long before = newest.put(node(id), id);
                assertThat(before == null || before < id)
                        .as("order of one server's IDs")
                        .isTrue();
            }
            if (round % 2 == 0) {
                bad.stop();
            } else {
                bad.restart();
            }
        }
    }

    @Test
    void ifRangesComeTooLateToBeUsedCallersAreToldAndDoNotSpin() {
        AtomicInteger answers = new AtomicInteger();
        bad.answer(request -> {
            answers.incrementAndGet();
            LockSupport.parkNanos(20_000_000);
            return bad.goodForMillis(1).range(request);
        });
        SnowlineClient ids = start(client(bad).maxWait(Duration.ofMillis(500)));

        assertThat(refusal(ids).reason()).isEqualTo(Reason.SERVER_UNAVAILABLE);
        assertThat(answers.get()).isLessThan(30);
    }
}
