package io.snowline.coordination.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLockTest {

    private static final Duration EXPIRY = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final AtomicLong wallMillis = new AtomicLong(1_800_000_000_000L);
    private DistributedLock lock;

    @BeforeEach
    void makeLock() {
        lock = lockOfAnotherProcess();
    }

    @Test
    void aLockOutlivesItsProcessUntilItExpires() {
        assertThat(lock.tryLock("one", EXPIRY)).isTrue();

        DistributedLock later = lockOfAnotherProcess();
        wallMillis.addAndGet(EXPIRY.toMillis() - 1);
        assertThat(later.tryLock("two", EXPIRY)).isFalse();
        wallMillis.addAndGet(1);
        assertThat(later.tryLock("two", EXPIRY)).isTrue();
        assertThat(lock.unlock("one")).isFalse();
        assertThat(later.unlock("two")).isTrue();
    }

    @Test
    void anExpiredLockCannotBeUnlocked() {
        lock.tryLock("one", EXPIRY);
        wallMillis.addAndGet(EXPIRY.toMillis());

        assertThat(lock.unlock("one")).isFalse();
    }

    @Test
    void aClockThatWasSetFarBackDoesNotKeepALockForEver() {
        lock.tryLock("one", EXPIRY);
        wallMillis.addAndGet(-EXPIRY.toMillis());
        assertThat(lock.tryLock("two", EXPIRY)).isFalse();

        wallMillis.addAndGet(-1);
        assertThat(lock.tryLock("two", EXPIRY)).isTrue();
    }

    @Test
    void anEmptyFileAfterAPowerCutIsALockThatNobodyHolds() throws IOException {
        lock.tryLock("one", EXPIRY);
        Files.write(file(), new byte[0]);

        assertThat(lock.unlock("one")).isFalse();
        assertThat(lock.tryLock("two", EXPIRY)).isTrue();
    }

    @Test
    void aForeignFileIsRefusedAndKept() throws IOException {
        lock.tryLock("one", EXPIRY);
        Files.writeString(file(), "mine");

        assertThatThrownBy(() -> lock.tryLock("two", EXPIRY))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining(file().toString());
        assertThat(file()).hasContent("mine");
    }

    @Test
    void tokensAndExpiriesThatCannotBeKeptAreRefused() {
        for (String token : new String[] {"", "a b", "a\nb", "ü"}) {
            assertThatThrownBy(() -> lock.tryLock(token, EXPIRY), token).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> lock.unlock(token), token).isInstanceOf(IllegalArgumentException.class);
        }
        for (Duration expiry : new Duration[] {Duration.ZERO, Duration.ofNanos(1), Duration.ofDays(36_501)}) {
            assertThatThrownBy(() -> lock.tryLock("one", expiry), expiry.toString())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(expiry.toString());
        }
    }

    private Path file() {
        return directory.resolve(Samples.NAMESPACE).resolve("lock-node-7.txt");
    }

    private DistributedLock lockOfAnotherProcess() {
        return new LocalCoordinator(directory, Duration.ofSeconds(30), clock(), "").lock(Samples.NAMESPACE, "node-7");
    }

    private TimeSource clock() {
        return new TimeSource() {
            @Override
            public long wallMillis() {
                return wallMillis.get();
            }

            @Override
            public long monotonicNanos() {
                return System.nanoTime();
            }

            @Override
            public void parkNanos(long nanos) {
                throw new UnsupportedOperationException("a lock does not wait");
            }
        };
    }
}
