package io.snowline.coordination.local;

import static io.snowline.coordination.local.Samples.NAMESPACE;
import static io.snowline.coordination.local.Samples.mark;
import static io.snowline.coordination.local.Samples.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.StoreView;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several real JVMs on one directory. */
@Timeout(120)
class LocalProcessesTest {

    @TempDir
    Path directory;

    @Test
    void processesThatCountTogetherLoseNothing() throws Exception {
        int rounds = 300;
        Set<Long> marks = new HashSet<>();
        try (CountingProcess one = CountingProcess.start(directory, rounds);
                CountingProcess two = CountingProcess.start(directory, rounds)) {
            Thread reader = new Thread(() -> collect(two, marks));
            reader.start();
            collect(one, marks);
            reader.join();
            assertThat(one.exitCode()).isZero();
            assertThat(two.exitCode()).isZero();
        }

        assertThat(marks).as("marks, each reached by one process").hasSize(2 * rounds);
        assertThat(mark(open(directory).read(NAMESPACE), 0)).isEqualTo(2L * rounds);
    }

    @Test
    void whatAKilledProcessHadAppliedIsThereAndNobodyIsLockedOut() throws Exception {
        NodeCoordinator coordinator = open(directory);
        long acknowledged = 0;
        for (int victim = 1; victim <= 8; victim++) {
            acknowledged = killAfter(victim * 7, acknowledged);

            StoreView view = coordinator.read(NAMESPACE);
            assertThat(mark(view, 0)).isGreaterThanOrEqualTo(acknowledged);
            Replaced next = Samples.raise(coordinator, view, 0, mark(view, 0) + 1);
            assertThat(next.applied()).isTrue();
            acknowledged = mark(next.view(), 0);
        }
    }

    @Test
    void aProcessThatIsStuckInAStepMakesTheOthersGiveUpInTime() throws Exception {
        NodeCoordinator coordinator = open(directory, Duration.ofMillis(100));
        StoreView view = Samples.raiseAlone(coordinator, 0, 1);
        // This JVM's own registry does not know this lock, so it counts as another process' lock.
        Path lockFile = directory.resolve(NAMESPACE).resolve("records.lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            FileLock lock = channel.lock();
            assertThatThrownBy(() -> Samples.raise(coordinator, view, 0, 2))
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining("locked for PT0.1S");
            lock.release();
        }
        assertThat(Samples.raise(coordinator, view, 0, 2).applied()).isTrue();
    }

    private long killAfter(int count, long acknowledged) throws IOException, InterruptedException {
        long newest = acknowledged;
        try (CountingProcess victim = CountingProcess.start(directory, Long.MAX_VALUE)) {
            for (int i = 0; i < count; i++) {
                newest = victim.nextMark().orElseThrow();
            }
            victim.kill();
            for (Optional<Long> mark = victim.nextMark(); mark.isPresent(); mark = victim.nextMark()) {
                newest = mark.get();
            }
        }
        return newest;
    }

    private static void collect(CountingProcess process, Set<Long> marks) {
        for (Optional<Long> mark = process.nextMark(); mark.isPresent(); mark = process.nextMark()) {
            synchronized (marks) {
                marks.add(mark.get());
            }
        }
    }
}
