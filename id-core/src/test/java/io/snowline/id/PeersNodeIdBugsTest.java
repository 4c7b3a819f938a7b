package io.snowline.id;

import static io.snowline.id.Processes.LAPSE;
import static io.snowline.id.Processes.ONE_NODE_ID;
import static io.snowline.id.Processes.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.id.Processes.Issuer;
import io.snowline.simulated.WithoutLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bugs of other ID generators about who holds a node id. The tags are their numbers in docs/safety.md; most of the bugs
 * there are tested elsewhere, next to the code that they concern.
 */
@ExtendWith(WithoutLog.class)
class PeersNodeIdBugsTest {

    private final Processes processes = new Processes();

    private SnowflakeGenerator.Builder builder(String label) {
        return processes.builder(label).nodeIds(ONE_NODE_ID);
    }

    private static Reason refusal(IdGenerator ids) {
        return catchThrowableOfType(IdUnavailableException.class, ids::nextId).reason();
    }

    private NodeRecord record() {
        return processes.store.node("orders", ONE_NODE_ID.first()).record();
    }

    @Tag("T08")
    @Test
    void manyThatStartAtOnceOnAnEmptyStoreNeverShareANodeId() {
        for (int round = 0; round < 100; round++) {
            SplittableRandom random = new SplittableRandom(round);
            Processes fresh = new Processes();
            List<SnowflakeGenerator> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                all.add(fresh.begin(fresh.builder("same")
                                .nodeIds(new NodeIdRange(0, 63))
                                .random(random.split()))
                        .ids());
            }
            drawWhileTheySettle(fresh, all);
            assertThat(all).extracting(ids -> ids.layout().node(ids.nextId())).doesNotHaveDuplicates();
        }
    }

    /**
     * Draws from the first moment on: processes that share a node id only until the next renewal are seen in the IDs.
     */
    private static void drawWhileTheySettle(Processes fresh, List<SnowflakeGenerator> all) {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            fresh.pass(Duration.ofMillis(10));
            for (SnowflakeGenerator ids : all) {
                long id = nextIfAny(ids);
                assertThat(id == 0 || seen.add(id)).as("%d is new", id).isTrue();
            }
        }
    }

    @Tag("T07")
    @Test
    void aProcessThatReturnsAfterItsNodeIdWentToAnotherHasNothingLeftOfItsFormerLife() {
        Issuer before = processes.startAndSettle(builder("one"));
        long lastBefore = before.ids().nextId();
        processes.stop(before);
        processes.pass(LAPSE);
        Issuer owner = processes.start(builder("two"));
        processes.pass(SETTINGS.renewEvery());
        assertThat(owner.ids().nextId()).isGreaterThan(lastBefore);

        Issuer after = processes.start(builder("one"));
        processes.pass(SETTINGS.renewEvery());
        assertThat(refusal(after.ids())).isEqualTo(Reason.NO_FREE_NODE);
        assertThat(record().label()).isEqualTo("two");
    }

    @Tag("T09")
    @Tag("T14")
    @Test
    void aRenewalThatArrivesAfterATakeoverLeavesTheNewOwnersRecordAsItIs() {
        Issuer late = processes.startAndSettle(builder("one"));
        Issuer next = processes.start(builder("two"));
        List<NodeRecord> taken = new ArrayList<>();
        processes.store.beforeNextWrite(() -> {
            takeOver(late, next);
            taken.add(record());
        });
        late.loop().pass(SETTINGS.renewEvery().multipliedBy(2));
        assertThat(taken).singleElement().satisfies(record -> assertThat(record.label())
                .isEqualTo("two"));
        assertThat(record()).isEqualTo(taken.get(0));
    }

    private void takeOver(Issuer late, Issuer next) {
        processes.stop(late);
        processes.pass(LAPSE);
        assertThat(next.ids().nextId()).isPositive();
        processes.stop(next); // its record must stay as it is now
    }

    @Tag("T14")
    @Test
    void aReleaseThatArrivesAfterATakeoverDoesNotLowerTheNewOwnersMark() {
        Issuer late = processes.startAndSettle(builder("one"));
        Issuer next = processes.start(builder("two"));
        late.ids().nextId();
        List<NodeRecord> taken = new ArrayList<>();
        processes.store.beforeNextWrite(() -> {
            takeOver(late, next);
            taken.add(record());
        });
        processes.close(late);
        assertThat(taken).hasSize(1);
        assertThat(record()).isEqualTo(taken.get(0));
    }

    @Tag("T15")
    @Test
    void anOwnerThatGetsItsLostNodeIdBackStartsAboveWhatTheOtherReserved() {
        SnowflakeGenerator ids = processes.startAndSettle(builder("one")).ids();
        long last = ids.nextId();
        NodeRecord mine = record();
        long theirEnd = mine.end() + (5_000L << processes.layout.sequenceBits());
        processes.store.overwrite(
                "orders", mine.node(), own -> new NodeRecord(5, "stolen", "thief", "two", own.end(), theirEnd));
        processes.pass(SETTINGS.renewEvery().multipliedBy(2));
        processes.store.overwrite(
                "orders", mine.node(), theirs -> new NodeRecord(5, "given-back", "", "two", theirs.start(), theirEnd));
        long first = last;
        for (int i = 0; i < 600 && processes.layout.position(first) < theirEnd; i++) {
            first = Math.max(first, nextIfAny(ids));
            assertThat(processes.layout.position(first))
                    .as("below the end of the first term, or above the other's")
                    .satisfiesAnyOf(
                            position -> assertThat(position).isLessThan(mine.end()),
                            position -> assertThat(position).isGreaterThanOrEqualTo(theirEnd));
            processes.pass(Duration.ofMillis(100));
        }
        assertThat(processes.layout.position(first)).isGreaterThanOrEqualTo(theirEnd);
    }

    private static long nextIfAny(SnowflakeGenerator ids) {
        long[] one = new long[1];
        return ids.tryNextIds(one, 0, 1) == 1 ? one[0] : 0;
    }

    @Tag("T16")
    @Test
    void aProcessThatLooksJustLikeAnotherIsStillAnotherOwner() {
        Issuer original = processes.startAndSettle(builder("1@localhost"));
        Issuer twin = processes.start(builder("1@localhost"));
        processes.pass(SETTINGS.ahead().multipliedBy(2));
        assertThat(refusal(twin.ids())).isEqualTo(Reason.NO_FREE_NODE);
        assertThat(original.ids().nextId()).isPositive();
    }

    @Tag("T17")
    @Test
    void generatorsOfOneJvmShareNothingAndOneNodeIdIsHeldByOneOfThem() {
        Issuer first = processes.startAndSettle(processes.builder("one").nodeIds(new NodeIdRange(5, 6)));
        Issuer second = processes.start(processes.builder("one").nodeIds(new NodeIdRange(5, 6)));
        processes.pass(SETTINGS.ahead());
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(seen.add(first.ids().nextId())).isTrue();
            assertThat(seen.add(second.ids().nextId())).isTrue();
            if (i % 1_000 == 0) {
                Issuer third = processes.start(processes.builder("one").nodeIds(new NodeIdRange(5, 6)));
                assertThat(refusal(third.ids())).isEqualTo(Reason.NO_FREE_NODE);
                processes.close(third);
            }
            processes.pass(Duration.ofMillis(5));
        }
    }

    @Tag("T19")
    @ParameterizedTest
    @ValueSource(ints = {-300, 300})
    void whetherANodeIdIsFreeIsToldByTheStoresClock(int errorSeconds) {
        ReservationSettings lenient = new ReservationSettings(
                SETTINGS.ahead(),
                SETTINGS.renewEvery(),
                SETTINGS.takeoverGrace(),
                SETTINGS.guard(),
                Duration.ofMinutes(10));
        Issuer owner = processes.startAndSettle(builder("one"));
        Issuer other = processes.start(
                builder("two").reservation(lenient).timeSource(processes.clockOffBy(Duration.ofSeconds(errorSeconds))));
        processes.pass(Duration.ofMinutes(2));
        assertThat(refusal(other.ids())).isEqualTo(Reason.NO_FREE_NODE);
        assertThat(owner.ids().nextId()).isPositive();

        Instant end = owner.ids().status().get(0).windowEnd();
        processes.stop(owner);
        while (record().label().equals("one") && processes.now().isBefore(end.plusSeconds(60))) {
            processes.pass(Duration.ofMillis(100));
        }
        assertThat(processes.now())
                .isBetween(
                        end.plus(SETTINGS.takeoverGrace()).minusMillis(100),
                        end.plus(SETTINGS.takeoverGrace()).plusSeconds(5));
    }

    @Tag("T20")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereverAProcessEndsItsNodeIdIsUsedAgain(boolean duringTheWrite) {
        int steps = 0;
        while (endsAfter(steps, new Processes(), duringTheWrite)) {
            steps++;
        }
        assertThat(steps).as("steps of a life from start to release").isGreaterThan(4);
    }

    /** Lets a process take that many steps before it crashes. Returns whether it had more to do. */
    private static boolean endsAfter(int steps, Processes fresh, boolean duringTheWrite) {
        Issuer shortLived = fresh.begin(fresh.builder("one").nodeIds(ONE_NODE_ID));
        fresh.stop(shortLived);
        int taken = 0;
        for (int i = 0; i < 1_000 && taken < steps; i++) {
            fresh.pass(Duration.ofMillis(5));
            if (i == 500) {
                shortLived.ids().beginClose(() -> {});
            }
            while (taken < steps && shortLived.loop().runOne()) {
                taken++;
            }
        }
        if (duringTheWrite) {
            fresh.store.fail(MemoryStore.Fault.REPLY_OF_A_WRITE_LOST);
            shortLived.loop().runOne();
        }
        Issuer next = fresh.start(fresh.builder("two").nodeIds(ONE_NODE_ID));
        fresh.pass(LAPSE.plus(SETTINGS.guard()));
        assertThat(next.ids().nextId()).as("after %d steps", steps).isPositive();
        return taken == steps;
    }

    /** All obstacles, each brought about as simply as possible. */
    private IdGenerator obstructed(Reason reason) {
        return switch (reason) {
            case STARTING -> processes.begin(builder("one")).ids();
            case WINDOW_AHEAD -> processes.start(builder("one")).ids();
            case COORDINATOR_UNAVAILABLE -> {
                processes.store.up(false);
                yield processes.start(builder("one")).ids();
            }
            case KEEPER_FAILED -> {
                Trap trap = new Trap(processes.time);
                Issuer failing = processes.begin(builder("one").timeSource(trap.in(processes.time)));
                failing.loop().survive(trap::threw);
                trap.arm(Trap.Kind.ERROR, 0, Integer.MAX_VALUE);
                processes.pass(Duration.ofSeconds(1));
                trap.disarm();
                yield failing.ids();
            }
            case NO_FREE_NODE -> {
                processes.startAndSettle(builder("one"));
                yield processes.start(builder("two")).ids();
            }
            case CLOCKS_DISAGREE -> {
                processes.store.clock(() -> processes.time.wallMillis() - 60_000);
                yield processes.start(builder("one")).ids();
            }
            case NAMESPACE_MISMATCH -> {
                processes.startAndSettle(builder("one"));
                yield processes
                        .start(builder("two").layout(IdLayout.javaScriptSafe(IdLayout.DEFAULT_EPOCH)))
                        .ids();
            }
            case UNREADABLE_RECORD -> {
                processes.store.beforeNextWrite(() -> {
                    throw new UnreadableRecordException("not ours");
                });
                yield processes.start(builder("one")).ids();
            }
            case END_OF_TIME -> {
                Instant over = processes.now().minusSeconds(10_000);
                yield processes
                        .start(builder("one").layout(new IdLayout(12, 10, 12, Duration.ofSeconds(1), over)))
                        .ids();
            }
            case RATE_EXCEEDED -> {
                SnowflakeGenerator ids = processes
                        .startAndSettle(builder("one").maxLead(Duration.ZERO))
                        .ids();
                ids.tryNextIds(new long[10_000], 0, 10_000);
                yield ids;
            }
            case LEDGER_REFUSED -> refusedByTheLedger();
            case SERVER_UNAVAILABLE, REQUEST_REFUSED -> throw new IllegalArgumentException(reason + " is a client's");
            case CLOSED -> {
                Issuer closed = processes.startAndSettle(builder("one"));
                processes.close(closed);
                yield closed.ids();
            }
        };
    }

    private IdGenerator refusedByTheLedger() {
        ManualLoop loop = new ManualLoop(processes.time);
        RecordedIdGenerator ids = RecordedIdGenerator.builder(processes.store, "orders")
                .timeSource(processes.time)
                .loops(name -> loop)
                .threads(Runnable::run)
                .start();
        loop.pass(Duration.ofSeconds(100));
        long before = ids.nextId();
        processes.store.ledger("orders").orElseThrow().record(new long[] {before + 1}, Optional.empty());
        return ids;
    }

    @Tag("T27")
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SERVER_UNAVAILABLE", "REQUEST_REFUSED"})
    void whateverIsInTheWayIsAnExceptionAndNeverANumber(Reason reason) {
        IdGenerator ids = obstructed(reason);
        assertThat(refusal(ids)).isEqualTo(reason);
    }

    @Tag("T32")
    @ParameterizedTest
    @CsvSource({
        "40, 10, 13, PT0.001S, 2025-01-01T00:00:00Z",
        "41, 12, 10, PT0.001S, 2025-01-01T00:00:00Z",
        "41, 10, 12, PT0.002S, 2025-01-01T00:00:00Z",
        "41, 10, 12, PT0.001S, 2025-01-01T00:00:00.001Z"
    })
    void aProcessWithAnotherLayoutTickOrEpochIsRefused(
            int ticks, int nodes, int sequences, Duration tick, Instant epoch) {
        processes.startAndSettle(builder("one"));
        Issuer other = processes.start(builder("two").layout(new IdLayout(ticks, nodes, sequences, tick, epoch)));
        assertThat(refusal(other.ids())).isEqualTo(Reason.NAMESPACE_MISMATCH);
    }

    @Tag("T33")
    @Test
    void everyNamespaceOfAProcessIsRenewed() {
        List<Issuer> namespaces = Stream.of("orders", "items", "users")
                .map(namespace -> processes.start(SnowflakeGenerator.builder(processes.store, namespace)
                        .maxWait(Duration.ZERO)
                        .timeSource(processes.time)))
                .toList();
        for (int i = 0; i < 10; i++) {
            processes.pass(SETTINGS.ahead());
            assertThat(namespaces)
                    .allSatisfy(one -> assertThat(one.ids().nextId()).isPositive());
        }
        assertThat(namespaces)
                .allSatisfy(one -> assertThat(one.ids().status().get(0).windowEnd())
                        .isAfter(processes.now().plus(SETTINGS.ahead().dividedBy(2))));
    }

    @Tag("T36")
    @Test
    void batchesThatThreeProcessesTakeAtOnceShareNoIdAndFollowEachOther() throws Exception {
        List<SnowflakeGenerator> generators = IntStream.range(0, 3)
                .mapToObj(i -> processes
                        .startAndSettle(processes.builder("one").maxLead(Duration.ofSeconds(20)))
                        .ids())
                .toList();
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(generators.size());
        List<Future<Integer>> drawn = generators.stream()
                .map(ids -> threads.submit(() -> drawBatches(ids, seen)))
                .toList();
        int total = 0;
        for (Future<Integer> one : drawn) {
            total += one.get();
        }
        threads.shutdown();
        assertThat(seen).hasSize(total);
    }

    /** Draws batches, shorter and longer than a tick, and a single ID between them. */
    private static int drawBatches(SnowflakeGenerator ids, Set<Long> seen) {
        SplittableRandom random = new SplittableRandom(36);
        long last = 0;
        int total = 0;
        for (int i = 0; i < 50; i++) {
            long[] batch = new long[random.nextInt(1, 8_192)];
            ids.nextIds(batch);
            for (long id : batch) {
                assertThat(id).isGreaterThan(last);
                last = id;
                seen.add(id);
            }
            long single = ids.nextId();
            assertThat(single).isGreaterThan(last);
            last = single;
            seen.add(single);
            total += batch.length + 1;
        }
        return total;
    }
}
