package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.LeaseOption;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.testing.Await;
import io.snowline.testing.EtcdServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys of the ledger and of locks (C9, C10). */
@Timeout(30)
class EtcdLedgerAndLockIT {

    private static final Optional<Duration> FOR_EVER = Optional.empty();
    private static final Optional<Duration> A_DAY = Optional.of(Duration.ofHours(24));

    private final EtcdServer server = EtcdServer.shared();
    private Coordination coordination;
    private IdLedger ledger;

    @BeforeEach
    void open() {
        coordination = Coordination.open(server);
        ledger = ledger(coordination);
    }

    @AfterEach
    void close() {
        coordination.close();
    }

    private static IdLedger ledger(Coordination coordination) {
        return coordination.coordinator().ledger(coordination.namespace()).orElseThrow();
    }

    @Test
    void anIdIsOneKeyWithTheTimeOfItsRecording() {
        Instant before = Instant.now().minusMillis(1);
        assertThat(ledger.record(new long[] {Long.MAX_VALUE}, FOR_EVER)).isEmpty();

        String stored = server.get(idKey(Long.MAX_VALUE)).orElseThrow();
        assertThat(ledger.recordedAt(Long.MAX_VALUE)).contains(Instant.ofEpochMilli(Long.parseLong(stored)));
        assertThat(ledger.recordedAt(Long.MAX_VALUE).orElseThrow()).isBetween(before, Instant.now());
        assertThat(entry(idKey(Long.MAX_VALUE)).getLease()).isZero();
        assertThat(ledger.recordedAt(1)).isEmpty();
    }

    @Test
    void recordsThatAreKeptEquallyLongShareALeaseOfALittleMore() {
        for (long id = 1; id <= 20; id++) {
            ledger.record(new long[] {id, 100 + id}, A_DAY);
        }
        List<Long> leases = LongStream.concat(LongStream.rangeClosed(1, 20), LongStream.rangeClosed(101, 120))
                .mapToObj(id -> entry(idKey(id)).getLease())
                .distinct()
                .toList();
        assertThat(leases).hasSize(1);
        long ttl = server.ask(client -> client.getLeaseClient().timeToLive(leases.get(0), LeaseOption.DEFAULT))
                .getTTL();
        assertThat(Duration.ofSeconds(ttl)).isBetween(Duration.ofHours(24), Duration.ofHours(25));

        ledger.record(new long[] {1000}, Optional.of(Duration.ofHours(1)));
        assertThat(entry(idKey(1000)).getLease()).isNotIn(leases).isNotZero();
    }

    @Tag("T23")
    @Test
    void aLeaseThatIsGoneIsReplaced() {
        ledger.record(new long[] {1}, A_DAY);
        long lease = entry(idKey(1)).getLease();
        server.ask(client -> client.getLeaseClient().revoke(lease));

        assertThat(ledger.record(new long[] {1, 2}, A_DAY)).isEmpty();
        assertThat(entry(idKey(2)).getLease()).isNotZero().isNotEqualTo(lease);
    }

    @Test
    void recordsThatAreNotKeptForEverExpire() {
        ledger.record(new long[] {2}, Optional.of(Duration.ofMillis(1)));
        Await.until("the record to expire", Duration.ofSeconds(15), () -> ledger.recordedAt(2)
                .isEmpty());
    }

    @Test
    void durationsAreWithinWhatEtcdCanKeep() {
        for (Duration keep : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(36_501))) {
            assertThatThrownBy(() -> ledger.record(new long[] {1}, Optional.of(keep)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("keep must be from 1 ms to 36500 days, got " + keep);
        }
        assertThatThrownBy(() -> ledger.record(new long[0], FOR_EVER)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ledger.record(new long[] {1}, Optional.of(Duration.ofDays(36_500))))
                .isEmpty();
    }

    @Test
    void batchesOfMoreThanOneTransactionAreRefusedIdByIdInTheirOrder() {
        long[] known = {2400, 99, 100, 101, 3};
        ledger.record(known, FOR_EVER);

        long[] ids = LongStream.rangeClosed(1, 2500).toArray();
        assertThat(ledger.record(ids, FOR_EVER)).containsExactly(3, 99, 100, 101, 2400);
        assertThat(ledger.record(ids, FOR_EVER)).isEqualTo(ids);
    }

    @Test
    void aFullLedgerTakesNoMoreAndSaysWhatToDo() {
        try (Coordination small = Coordination.open(factory -> {
            factory.setEndpoints(List.of(server.endpoint()));
            factory.setMaxRecordedIds(250);
        })) {
            IdLedger bounded = ledger(small);
            assertThat(bounded.record(LongStream.range(0, 250).toArray(), FOR_EVER))
                    .isEmpty();
            assertThatThrownBy(() -> bounded.record(new long[] {1000}, FOR_EVER))
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageStartingWith("the ledger of namespace '" + small.namespace())
                    .hasMessageContaining(" holds 250 IDs, and maxRecordedIds allows 250: ");
            assertThat(bounded.recordedAt(1000)).isEmpty();
            assertThat(bounded.recordedAt(249)).isPresent();

            server.delete(small.key() + "/ids/7");
            assertThat(bounded.record(new long[] {1000}, FOR_EVER)).isEmpty();
        }
    }

    @Test
    void aKeyThatIsNotOursIsARefusalAndUnreadable() {
        server.put(idKey(1), "mine");
        assertThat(ledger.record(new long[] {1, 2}, FOR_EVER)).containsExactly(1);
        assertThatThrownBy(() -> ledger.recordedAt(1))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("key " + idKey(1) + " in etcd cannot be read: ");
        assertThat(server.get(idKey(1))).contains("mine");
    }

    @Test
    void aLockIsAKeyThatHoldsItsTokenAndIsAttachedToALease() {
        DistributedLock lock = coordination.coordinator().lock(coordination.namespace(), "node-7");
        String key = coordination.key() + "/locks/node-7";

        assertThat(lock.tryLock("me", Duration.ofSeconds(10))).isTrue();
        assertThat(server.get(key)).contains("me");
        long lease = entry(key).getLease();
        long ttl = server.ask(client -> client.getLeaseClient().timeToLive(lease, LeaseOption.DEFAULT))
                .getTTL();
        assertThat(ttl).isBetween(9L, 12L);
        assertThat(lock.tryLock("you", Duration.ofSeconds(10))).isFalse();
        assertThat(lock.unlock("you")).isFalse();
        assertThat(lock.unlock("me")).isTrue();
        assertThat(server.get(key)).isEmpty();
        assertThat(lock.unlock("me")).isFalse();
    }

    /** The lease that locks share is renewed before it is too short for the next attempt. */
    @Test
    void whoLocksAgainAndAgainIsNeverToldThatItMayNotLast() {
        DistributedLock lock = coordination.coordinator().lock(coordination.namespace(), "node-8");
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < Duration.ofSeconds(4).toNanos()) {
            assertThat(lock.tryLock("me", Duration.ofSeconds(1))).isTrue();
            assertThat(lock.unlock("me")).isTrue();
        }
    }

    @Test
    void aLockThatHasExpiredIsAnothersAndIsNotFreedByItsFirstHolder() {
        DistributedLock lock = coordination.coordinator().lock(coordination.namespace(), "node-7");
        lock.tryLock("me", Duration.ofMillis(1));
        Await.until("the lock to expire", Duration.ofSeconds(15), () -> lock.tryLock("you", Duration.ofSeconds(10)));
        assertThat(lock.unlock("me")).isFalse();
        assertThat(lock.unlock("you")).isTrue();
    }

    private String idKey(long id) {
        return coordination.key() + "/ids/" + id;
    }

    private KeyValue entry(String key) {
        return server.ask(client -> client.getKVClient().get(EtcdServer.bytes(key)))
                .getKvs()
                .get(0);
    }
}
