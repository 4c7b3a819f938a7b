package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.Window;
import io.snowline.time.ManualTimeSource;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlocksTest {

    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private static final long PRESENT = 1_000L << LAYOUT.sequenceBits();
    private static final int SIZE = 64;
    private static final long MICRO = 1_000;

    @SuppressWarnings("ThreadLocalUsage") // a test's own
    private final Blocks blocks = new Blocks(SIZE, 1);

    private final Window window = new Window(5, PRESENT, 2 * PRESENT);
    private final Lane lane = new Lane(window, PRESENT, LAYOUT, LAYOUT.scale());
    private long nanos = 7_000_000_000L;

    private void look() {
        nanos += MICRO;
        assertThat(blocks.fill(lane, nanos, PRESENT, window.end())).isNotEqualTo(Lane.NOTHING);
    }

    private Block filled() {
        while (!blocks.get().usable()) {
            look();
        }
        return blocks.get();
    }

    @Test
    void aBlockIsTheThreadsUntilSomebodyWithdraws() {
        Block block = filled();

        assertThat(block.end - block.next).isBetween(1L, SIZE - 1L);
        assertThat(blocks.withdraw()).isTrue();
        assertThat(block.usable()).isFalse();
        assertThat(blocks.withdraw()).isFalse();
    }

    @Test
    void afterAWithdrawalOneLookListsTheBlockAndTheNextFillsIt() {
        Block block = filled();
        assertThat(blocks.withdraw()).isTrue();

        look();
        assertThat(block.usable()).isFalse();
        assertThat(blocks.listedOfCaller()).isTrue();
        look();
        assertThat(block.usable()).isTrue();
    }

    @Test
    void aWithdrawalClosesTheBlocksOfAllThreads() throws InterruptedException {
        List<Block> filled = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            inThread(() -> filled.add(filled()));
        }
        assertThat(filled).hasSize(3).doesNotHaveDuplicates().allMatch(Block::usable);

        blocks.withdraw();

        assertThat(filled).noneMatch(Block::usable);
    }

    @Test
    void aThreadThatDropsItsBlockGetsAnotherLater() {
        Block block = filled();
        long next = block.next;
        blocks.drop();
        assertThat(block.usable()).isFalse();

        assertThat(filled().next).isGreaterThan(next);
    }

    @Test
    void theBlocksOfThreadsThatAreGoneAreGoneAfterTheNextWithdrawal() throws InterruptedException {
        List<WeakReference<Block>> gone = new ArrayList<>();
        for (int looks = 1; looks <= 40; looks++) { // among them one whose last look lists the block
            int many = looks;
            inThread(() -> {
                for (int i = 0; i < many; i++) {
                    look();
                }
                gone.add(new WeakReference<>(blocks.get()));
            });
        }

        blocks.withdraw();

        for (int attempt = 0; attempt < 100 && !allCleared(gone); attempt++) {
            System.gc();
        }
        assertThat(gone).hasSize(40).allMatch(block -> block.get() == null);
    }

    @Test
    void theWatchWithdrawsWhateverTheLastLookOfAThreadWas() throws InterruptedException {
        ManualTimeSource time = new ManualTimeSource(0);
        ManualLoop loop = new ManualLoop(time);
        CeilingWatch watch = new CeilingWatch(new LaneHolder[0], blocks, time, loop, Duration.ofMillis(1));
        for (int looks = 1; looks <= 40; looks++) {
            int many = looks;
            inThread(() -> {
                for (int i = 0; i < many; i++) {
                    look();
                    watch.after(lane);
                }
            });
            loop.pass(Duration.ofMillis(20));

            assertThat(blocks.withdraw()).as("left after %d looks", looks).isFalse();
            assertThat(loop.idle()).isTrue();
        }
    }

    private static boolean allCleared(List<WeakReference<Block>> references) {
        return references.stream().allMatch(reference -> reference.get() == null);
    }

    private static void inThread(Runnable task) throws InterruptedException {
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
    }
}
