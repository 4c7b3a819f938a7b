package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.lease.EventLoop;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** P12: whatever is thrown while the rest of a burst is watched, the watch goes on, and IDs carry the present. */
class AliveWatchTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final Duration UNTIL_THE_LEAD_OF_A_FIRST_START_IS_GONE = Duration.ofMinutes(2);
    private static final int ROUNDS = 25;

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final Trap trap = new Trap(time);
    private final ManualLoop loop = new ManualLoop(time);
    private final ManualLoop watchLoop = new ManualLoop(time);
    private final MemoryStore store = new MemoryStore(time::wallMillis);
    private final IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);

    private SnowflakeGenerator started(EventLoop watch) {
        watchLoop.survive(trap::threw);
        SnowflakeGenerator ids = SnowflakeGenerator.builder(store, "orders")
                .layout(layout)
                .maxWait(Duration.ZERO)
                .timeSource(trap.in(time))
                .random(new SplittableRandom(1))
                .loops(name -> name.endsWith("-watch") ? watch : loop)
                .start();
        loop.pass(UNTIL_THE_LEAD_OF_A_FIRST_START_IS_GONE);
        return ids;
    }

    /** Lets time pass in steps of a quarter tick, and lets the watch do its work. */
    private void pass(Duration elapsed) {
        for (long nanos = 0; nanos < elapsed.toNanos(); nanos += 250_000) {
            time.pass(Duration.ofNanos(250_000));
            watchLoop.run();
        }
    }

    private void burst(SnowflakeGenerator ids) {
        for (int i = 0; i < 1_000; i++) {
            ids.nextId();
        }
    }

    private long ticksBehind(long id) {
        return time.wallMillis() - layout.decode(id).timestamp().toEpochMilli();
    }

    @ParameterizedTest
    @EnumSource(Trap.Kind.class)
    void p12_theWatchGoesOnInWhicheverRoundItThrew(Trap.Kind kind) {
        SnowflakeGenerator ids = started(watchLoop);
        for (int quiet = 0; quiet < ROUNDS; quiet++) {
            for (int times = 1; times < 4; times++) {
                burst(ids);
                trap.arm(kind, quiet, times);
                pass(Duration.ofMillis(ROUNDS));
                pass(Duration.ofMillis(50L * times)); // it may take that long to go on
                trap.disarm();
                assertThat(ticksBehind(ids.nextId()))
                        .as("ticks behind after it threw in round %d", quiet)
                        .isBetween(-1L, 2L);
                burst(ids);
                pass(Duration.ofMillis(3));
                assertThat(ticksBehind(ids.nextId()))
                        .as("ticks behind after the next burst")
                        .isZero();
                pass(Duration.ofMillis(400));
                assertThat(watchLoop.idle())
                        .as("the watch ends, and only one went on")
                        .isTrue();
                loop.run();
            }
        }
    }

    @Test
    void whileNoWatchCanBeginNobodyGoesWithoutALook() {
        SnowflakeGenerator ids = started(new NoThreads());
        for (int rest = 3; rest < 200; rest += 7) {
            burst(ids);
            time.pass(Duration.ofMillis(rest));
            assertThat(ticksBehind(ids.nextId())).isZero();
        }
    }

    /** The loop of a process that cannot start another thread. */
    private static final class NoThreads implements EventLoop {

        @Override
        public void execute(Runnable task) {
            throw new InternalError("unable to create native thread"); // an OutOfMemoryError would end JUnit
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
            execute(task);
        }

        @Override
        public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
            execute(() -> answered.accept(request.get()));
        }

        @Override
        public void close() {
            // there is nothing to end
        }
    }
}
