package io.snowline.coordination.local;

import static io.snowline.coordination.local.Samples.NAMESPACE;
import static io.snowline.coordination.local.Samples.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeCoordinator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StepLockTest {

    @TempDir
    Path directory;

    @Test
    void threadsTakeTurns() throws Exception {
        StepLock lock = StepLock.of(directory.toRealPath().resolve("a.lock"));
        int[] inside = {0};
        Callable<Integer> visitor = () -> {
            int most = 0;
            for (int i = 0; i < 200; i++) {
                most = Math.max(most, lock.run(Duration.ofSeconds(60), held -> {
                    int now = ++inside[0];
                    LockSupport.parkNanos(10_000);
                    inside[0]--;
                    return now;
                }));
            }
            return most;
        };
        assertThat(inParallel(List.of(visitor, visitor, visitor, visitor))).containsOnly(1);
    }

    /**
     * Each class loader has a registry of its own, and closing the channel of one would drop the POSIX lock of the
     * other.
     */
    @Test
    void classLoadersTakeTurns() throws Exception {
        int rounds = 100;
        Samples.raiseAlone(open(directory), 0, 0);
        Class<?> foreign = new OwnClasses().loadClass(Counting.class.getName());
        Callable<Long> there =
                () -> (Long) foreign.getMethod("count", Path.class, int.class).invoke(null, directory, rounds);
        Callable<Long> here = () -> Counting.count(directory, rounds);

        assertThat(inParallel(List.of(here, there, here, there))).hasSize(4);
        assertThat(Samples.mark(open(directory).read(NAMESPACE), 0)).isEqualTo(4L * rounds);
    }

    /** Counts on node id 0; loaded by two class loaders. */
    public static final class Counting {

        private Counting() {}

        public static long count(Path directory, int rounds) {
            NodeCoordinator coordinator = open(directory);
            long applied = 0;
            while (applied < rounds) {
                var view = coordinator.read(NAMESPACE);
                if (Samples.raise(coordinator, view, 0, Samples.mark(view, 0) + 1)
                        .applied()) {
                    applied++;
                }
            }
            return applied;
        }
    }

    /** Loads Snowline's classes itself, as a second application in the same server does. */
    private static final class OwnClasses extends ClassLoader {

        OwnClasses() {
            super(StepLockTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.snowline.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
