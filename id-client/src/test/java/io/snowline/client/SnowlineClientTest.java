package io.snowline.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.client.TestServer.Request;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.IdUnavailableException.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client whose servers answer. */
@Timeout(60)
class SnowlineClientTest {

    private static final int ALL_AT_ONCE = 10_000;

    private final TestServer server = new TestServer();
    private final AtomicLong now = new AtomicLong(-3_000);
    private final List<SnowlineClient> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(SnowlineClient::close);
        server.close();
    }

    private SnowlineClient start(SnowlineClient.Builder builder) {
        SnowlineClient client = builder.start();
        clients.add(client);
        return client;
    }

    private SnowlineClient.Builder builder() {
        return SnowlineClient.builder("orders").servers(server.uri()).maxWait(Duration.ofSeconds(20));
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertThat(Thread.interrupted()).as("the test's time is over").isFalse();
            LockSupport.parkNanos(1_000_000); // a thread of the client's, which no clock moves
        }
    }

    @Test
    void idsAscendFromOneRangeToTheNext() {
        SnowlineClient ids = start(builder());
        long newest = -1;
        for (int i = 0; i < 200_000; i++) {
            long id = ids.nextId();
            assertThat(id).isGreaterThan(newest);
            newest = id;
        }

        assertThat(ids.layout()).isEqualTo(TestServer.LAYOUT);
        assertThat(server.asked()).isLessThan(100);
        assertThat(server.requests()).allSatisfy(request -> {
            assertThat(request.count()).isBetween(16, 65_536);
            assertThat(request.head()).doesNotContain("Upgrade", "h2c");
        });
    }

    @Test
    void aBatchIsComposedOfAsManyRangesAsItTakes() {
        SnowlineClient ids = start(builder().maxRange(1_000));
        long[] batch = new long[10_000];

        ids.nextIds(batch);

        assertThat(batch).isSorted().doesNotHaveDuplicates();
        ids.nextIds(new long[0]);
        assertThat(server.requests()).allMatch(request -> request.count() <= 1_000);
    }

    @Test
    void idsAreDistinctForManyThreads() throws Exception {
        SnowlineClient ids = start(builder());
        Set<Long> all = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(new Thread(() -> {
                long newest = -1;
                for (int j = 0; j < 20_000; j++) {
                    long id = ids.nextId();
                    if (id > newest) {
                        all.add(id);
                    }
                    newest = id;
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(all).hasSize(8 * 20_000);
    }

    @Timeout(180)
    @Test
    void threadsThatStartAtOnceOnAnEmptyClientShareOneRequest() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        server.answer(request -> {
            awaitLatch(held);
            return server.range(request);
        });
        CompletableFuture<SnowlineClient> ids = new CompletableFuture<>();
        Set<Long> all = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < ALL_AT_ONCE; i++) {
            Thread thread = new Thread(null, () -> all.add(ids.join().nextId()), "caller-" + i, 64 * 1024);
            thread.start();
            threads.add(thread);
        }
        await(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        ids.complete(start(builder().requestTimeout(Duration.ofMinutes(1)).maxWait(Duration.ofMinutes(10))));
        await(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        await(() -> server.asked() > 0);
        int askedWhileAllWait = server.asked();
        held.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(askedWhileAllWait).isEqualTo(1);
        assertThat(all).hasSize(ALL_AT_ONCE);
        assertThat(server.asked()).as("requests in all").isLessThan(20);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void neverAreTwoRequestsInFlight() throws Exception {
        AtomicLong inFlight = new AtomicLong();
        AtomicLong most = new AtomicLong();
        server.answer(request -> {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            LockSupport.parkNanos(200_000);
            inFlight.decrementAndGet();
            return server.range(request);
        });
        SnowlineClient ids = start(builder().maxRange(50));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int j = 0; j < 2_000; j++) {
                    ids.nextId();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(server.asked()).isGreaterThan(100);
        assertThat(most.get()).isEqualTo(1);
    }

    @Test
    void theNextRangeIsThereBeforeTheOneInUseIsUsedUp() {
        SnowlineClient ids = start(builder().clock(now::get));
        for (int i = 0; i < 8; i++) {
            ids.nextId();
        }
        await(() -> ids.status().idsAtHand() > 16); // half of the first range is used, and the second has come
        int asked = server.asked();
        server.stop();

        for (int i = 0; i < 10; i++) {
            ids.nextId();
        }

        assertThat(asked).isEqualTo(2);
    }

    @Test
    void anIdleClientSendsNoRequest() {
        SnowlineClient ids = start(builder().clock(now::get));
        ids.nextId();
        int asked = server.asked();
        for (int i = 0; i < 1_000; i++) {
            now.addAndGet(Duration.ofSeconds(10).toNanos());
            assertThat(ids.status().ready()).isTrue();
        }

        assertThat(server.asked()).isEqualTo(asked);
    }

    @Test
    void aRangeThatIsTooOldIsDroppedWhole() {
        server.goodForMillis(1_000);
        SnowlineClient ids = start(builder().clock(now::get));
        long before = ids.nextId();
        now.addAndGet(Duration.ofMillis(999).toNanos());
        assertThat(ids.nextId()).as("just before its time is over").isEqualTo(before + 1);
        await(() -> server.asked() == 2 && ids.status().idsAtHand() > 16); // most of its time is over

        now.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(ids.nextId()).as("the next range's first").isEqualTo(before + 16);
        now.addAndGet(Duration.ofHours(1).toNanos());

        assertThat(ids.status().idsAtHand()).isZero();
        assertThat(ids.nextId()).as("of a range that was asked for just now").isGreaterThanOrEqualTo(before + 32);
    }

    @Test
    void aClientMayBeStricterThanTheServer() {
        SnowlineClient ids = start(builder().clock(now::get).maxAge(Duration.ofMillis(100)));
        long before = ids.nextId();
        now.addAndGet(Duration.ofMillis(100).toNanos());

        assertThat(ids.nextId()).isGreaterThanOrEqualTo(before + 16);
    }

    @Test
    void theTokenIsAskedForAtEachRequestAndSentInAHeader() {
        AtomicReference<String> token = new AtomicReference<>("first-token");
        SnowlineClient ids = start(builder().clock(now::get).token(token::get));
        ids.nextId();
        token.set("second-token");
        now.addAndGet(Duration.ofHours(2).toNanos());
        ids.nextId();

        assertThat(server.requests()).extracting(Request::token).first().satisfies(first -> assertThat(first)
                .contains("first-token"));
        assertThat(server.requests()).extracting(Request::token).last().satisfies(last -> assertThat(last)
                .contains("second-token"));
        assertThat(server.requests())
                .allMatch(request ->
                        !request.head().lines().findFirst().orElseThrow().contains("token"));
    }

    @Test
    void theServersMayLieUnderAPath() {
        SnowlineClient ids = start(builder().servers(URI.create(server.uri() + "/behind/a/proxy")));

        assertThat(ids.nextId()).isPositive();
        assertThat(server.requests().get(0).head())
                .startsWith("POST /behind/a/proxy/v1/orders/range?count=16 HTTP/1.1");
    }

    @Test
    void theStatusSaysHowManyIdsAreAtHand() {
        SnowlineClient ids = start(builder().clock(now::get));
        ids.nextId();

        ClientStatus status = ids.status();

        assertThat(status.ready()).isTrue();
        assertThat(status.server()).hasToString(server.uri());
        assertThat(status.idsAtHand()).isEqualTo(15);
        assertThat(status.goodFor()).isEqualTo(Duration.ofMinutes(1));
        assertThat(status.requests()).isEqualTo(1);
        assertThat(status.problem()).isEmpty();
    }

    @Test
    void afterClosingNoThreadGetsAnId() {
        SnowlineClient ids = start(builder());
        ids.nextId();

        ids.close();
        ids.close();

        assertThatThrownBy(ids::nextId).isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.CLOSED));
        assertThatThrownBy(() -> ids.nextIds(new long[3]))
                .isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.CLOSED));
        assertThat(ids.status().ready()).isFalse();
        assertThat(ids.layout()).isEqualTo(TestServer.LAYOUT);
    }

    @Test
    void closingEndsTheWaitsOfCallers() throws Exception {
        server.answer(request -> server.range(request).without(10).then(TestServer.Then.HANG));
        SnowlineClient ids = start(builder().requestTimeout(Duration.ofSeconds(30)));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                ids.nextId();
            } catch (IdUnavailableException e) {
                thrown.set(e);
            }
        });
        waiting.start();
        await(() -> waiting.getState() == Thread.State.TIMED_WAITING && server.asked() == 1);
        long began = System.nanoTime();

        ids.close();
        waiting.join();

        assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(10).toNanos());
        assertThat(thrown.get()).isInstanceOfSatisfying(IdUnavailableException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.CLOSED));
    }

    @Test
    void anInterruptEndsTheWaitOfItsCallerAndIsKept() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        server.answer(request -> {
            awaitLatch(held);
            return server.range(request);
        });
        SnowlineClient ids = start(builder().requestTimeout(Duration.ofSeconds(20)));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Set<Boolean> kept = new HashSet<>();
        Thread interrupted = new Thread(() -> {
            try {
                ids.nextId();
            } catch (IdUnavailableException e) {
                thrown.set(e);
                kept.add(Thread.currentThread().isInterrupted());
            }
        });
        interrupted.start();
        await(() -> interrupted.getState() == Thread.State.TIMED_WAITING);
        interrupted.interrupt();
        interrupted.join();
        held.countDown();

        assertThat(thrown.get()).hasMessageContaining("interrupted");
        assertThat(kept).containsExactly(true);
        assertThat(ids.nextId()).as("others are not affected").isPositive();
    }

    // ---- settings ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host",
                "http:/nothing",
                "host:8080",
                "http://user:secret@host",
                "http://user:secret@ho st",
                "http://host/?token=secret",
                "https://host#here"
            })
    void aServerThatIsNoPlainUriIsRefusedAndNoSecretShown(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnowlineClient.builder("orders").servers(uri))
                .withMessageStartingWith("a server must be an http or https URI of a host")
                .withMessageNotContaining("secret");
    }

    @Test
    void settingsOutsideTheirRangeAreRefused() {
        SnowlineClient.Builder builder = SnowlineClient.builder("orders");

        assertThatIllegalArgumentException()
                .isThrownBy(builder::start)
                .withMessage("servers must name at least one server, got none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxWait(Duration.ofHours(2)))
                .withMessage("maxWait must be from PT0S to PT1H, got PT2H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.requestTimeout(Duration.ZERO))
                .withMessage("requestTimeout must be from PT0.001S to PT1M, got PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxAge(Duration.ZERO))
                .withMessage("maxAge must be from PT0.001S to PT1H, got PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxRange(0))
                .withMessage("maxRange must be from 1 to 1048576, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnowlineClient.builder("no/name"))
                .withMessageContaining("namespace must be 1 to 64 letters");
    }
}
