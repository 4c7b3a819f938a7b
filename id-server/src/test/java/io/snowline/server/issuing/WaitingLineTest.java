package io.snowline.server.issuing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WaitingLineTest {

    private final List<String> served = new ArrayList<>();
    private final List<String> rejected = new ArrayList<>();
    private final WaitingLine<String> line = new WaitingLine<>(served::add, rejected::add);

    @Test
    void oneThreadServesAllInTheOrderOfTheirComing() {
        Queue<Runnable> threads = new ArrayDeque<>();
        line.join("first", threads::add);
        line.join("second", threads::add);
        line.join("third", threads::add);

        assertThat(threads).hasSize(1);
        assertThat(line.isEmpty()).isFalse();
        threads.remove().run();

        assertThat(served).containsExactly("first", "second", "third");
        assertThat(line.isEmpty()).isTrue();
        assertThat(threads).isEmpty();
    }

    @Test
    void anErrorWhileOneIsServedDoesNotEndTheLine() {
        List<Throwable> seen = new ArrayList<>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> seen.add(error));
        WaitingLine<String> fragile = new WaitingLine<>(
                member -> {
                    served.add(member);
                    if (member.equals("first")) {
                        throw new OutOfMemoryError("as if");
                    }
                },
                rejected::add);
        Queue<Runnable> threads = new ArrayDeque<>();
        fragile.join("first", threads::add);
        fragile.join("second", threads::add);
        try {
            threads.remove().run();
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
        }

        assertThat(served).containsExactly("first", "second");
        assertThat(fragile.isEmpty()).isTrue();
        assertThat(seen).singleElement().isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void whoComesAfterTheLineIsEmptyGetsAThreadAgain() {
        line.join("first", Runnable::run);
        line.join("second", Runnable::run);

        assertThat(served).containsExactly("first", "second");
    }

    @Test
    void whoCannotBeServedIsTurnedAway() {
        line.join("late", task -> {
            throw new RejectedExecutionException("stopping");
        });

        assertThat(rejected).containsExactly("late");
        assertThat(line.isEmpty()).isTrue();
    }

    @Tag("T28")
    @Test
    void nobodyIsLostOrServedTwiceWhenManyJoinAtOnce() throws Exception {
        int threads = 4;
        int each = 20_000;
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch all = new CountDownLatch(threads * each);
        WaitingLine<Integer> busy = new WaitingLine<>(
                number -> {
                    seen.add(number);
                    all.countDown();
                },
                number -> {});
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * each;
                pool.execute(() -> {
                    for (int i = 0; i < each; i++) {
                        busy.join(first + i, pool);
                    }
                });
            }
            assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            pool.shutdownNow();
        }
        assertThat(seen).hasSize(threads * each).doesNotHaveDuplicates();
    }
}
