package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.testing.Await;
import io.snowline.testing.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys of the ledger and of locks (C9, C10). */
@Timeout(30)
class RedisLedgerAndLockIT {

    private static final Optional<Duration> FOR_EVER = Optional.empty();

    private final RedisServer server = RedisServer.shared();
    private Coordination coordination;
    private IdLedger ledger;

    @BeforeEach
    void open() {
        coordination = Coordination.open(server);
        ledger = coordination.coordinator().ledger(coordination.namespace()).orElseThrow();
    }

    @AfterEach
    void close() {
        coordination.close();
    }

    @Test
    void anIdIsOneKeyWithTheTimeOfItsRecording() {
        assertThat(ledger.record(new long[] {Long.MAX_VALUE}, FOR_EVER)).isEmpty();

        String stored = (String) server.command("GET", coordination.key() + ":9223372036854775807");
        assertThat(ledger.recordedAt(Long.MAX_VALUE)).contains(Instant.ofEpochMilli(Long.parseLong(stored)));
        assertThat(server.command("PTTL", coordination.key() + ":9223372036854775807"))
                .isEqualTo(-1L);
        assertThat(ledger.recordedAt(1)).isEmpty();
    }

    @Test
    void recordsThatAreNotKeptForEverExpire() {
        ledger.record(new long[] {1}, Optional.of(Duration.ofHours(24)));
        assertThat((Long) server.command("PTTL", coordination.key() + ":1")).isBetween(86_390_000L, 86_400_000L);

        ledger.record(new long[] {2}, Optional.of(Duration.ofMillis(1)));
        Await.until("the record to expire", Duration.ofSeconds(5), () -> ledger.recordedAt(2)
                .isEmpty());
    }

    @Test
    void anExpiryOutsideItsRangeIsRefused() {
        assertThatThrownBy(() -> ledger.record(new long[] {1}, Optional.of(Duration.ZERO)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("keep must be from 1 ms to 36500 days, got PT0S");
        assertThatThrownBy(() -> ledger.record(new long[] {1}, Optional.of(ChronoUnit.FOREVER.getDuration())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("keep must be from 1 ms to 36500 days, got PT2562047788015215H");
        assertThatThrownBy(() -> ledger.record(new long[0], FOR_EVER)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void batchesOfMoreThanOneScriptAreRefusedIdByIdInTheirOrder() {
        long[] known = {2400, 999, 1000, 1001, 3};
        ledger.record(known, FOR_EVER);

        long[] ids = LongStream.rangeClosed(1, 2500).toArray();
        assertThat(ledger.record(ids, FOR_EVER)).containsExactly(3, 999, 1000, 1001, 2400);
        assertThat(ledger.record(ids, FOR_EVER)).isEqualTo(ids);
    }

    @Test
    void aKeyThatIsNotOursIsARefusalAndUnreadable() {
        server.command("SET", coordination.key() + ":1", "mine");
        server.command("RPUSH", coordination.key() + ":2", "mine");

        assertThat(ledger.record(new long[] {1, 2, 3}, FOR_EVER)).containsExactly(1, 2);
        assertThatThrownBy(() -> ledger.recordedAt(1))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining(coordination.key() + ":1");
        assertThatThrownBy(() -> ledger.recordedAt(2))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining(coordination.key() + ":2");
    }

    @Test
    void aLockIsAKeyThatHoldsItsTokenAndExpires() {
        DistributedLock lock = coordination.coordinator().lock(coordination.namespace(), "node-7");
        String key = "id_gen_lock:{" + coordination.namespace() + "}:node-7";

        assertThat(lock.tryLock("me", Duration.ofSeconds(10))).isTrue();
        assertThat(server.command("GET", key)).isEqualTo("me");
        assertThat((Long) server.command("PTTL", key)).isBetween(9_000L, 10_000L);
        assertThat(lock.tryLock("you", Duration.ofSeconds(10))).isFalse();
        assertThat(lock.unlock("you")).isFalse();
        assertThat(lock.unlock("me")).isTrue();
        assertThat(server.command("EXISTS", key)).isEqualTo(0L);
        assertThat(lock.unlock("me")).isFalse();
    }

    @Test
    void aLockThatHasExpiredIsAnothersAndIsNotFreedByItsFirstHolder() {
        DistributedLock lock = coordination.coordinator().lock(coordination.namespace(), "node-7");
        lock.tryLock("me", Duration.ofMillis(1));
        Await.until("the lock to expire", Duration.ofSeconds(5), () -> lock.tryLock("you", Duration.ofSeconds(10)));
        assertThat(lock.unlock("me")).isFalse();
        assertThat(lock.unlock("you")).isTrue();
    }

    @Test
    void aLocksKeyThatIsNotOursIsUnreadable() {
        server.command("RPUSH", "id_gen_lock:{" + coordination.namespace() + "}:x", "mine");
        DistributedLock lock = coordination.coordinator().lock(coordination.namespace(), "x");
        assertThat(lock.tryLock("me", Duration.ofSeconds(1))).isFalse();
        assertThatThrownBy(() -> lock.unlock("me")).isInstanceOf(UnreadableRecordException.class);
    }
}
