package io.snowline.walk;

import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Stored;
import io.snowline.simulated.Fiber;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One process: its lives one after the other, its clocks, and its calls, which outlive it. */
abstract class WalkedProcess {

    final World world;
    final String name;
    final Bits bits;
    final Work work;
    final WalkClock clock;
    final List<Call<?>> calls = new ArrayList<>();
    private int lives;
    private int requests;
    Life life;

    private Stop stoppedAt = Stop.CLOCK_READ;
    private long wakesAtNanos;

    /** What has stopped in the middle of the code, if anything has. */
    private @Nullable Fiber fiber;

    /** Where a fiber is stopped. */
    enum Stop {
        /** Just before it reads the monotonic clock. */
        CLOCK_READ,
        /** In a wait on the monotonic clock. */
        PARKED,
        /** In a request to the store. */
        REQUEST
    }

    WalkedProcess(World world, String name, Bits bits, Work work) {
        this.world = world;
        this.name = name;
        this.bits = bits;
        this.work = work;
        this.clock = new WalkClock(World.START.toEpochMilli(), this::park);
        this.life = new Life(name, leased());
        life.end();
    }

    abstract boolean leased();

    /** Creates the objects of this life. */
    abstract void begin();

    /** Adds the steps that this process itself may take now. */
    abstract void addWork(List<Event> events);

    abstract void forget();

    // ---- events ----

    final void addEvents(List<Event> events) {
        if (life.alive()) {
            addWork(events);
            if (world.budget.crashes > 0) {
                events.add(Event.of(life + " crashes", bits.all() | Bits.CRASHES, this::crash));
            }
        } else if (work.starts > 0) {
            events.add(Event.of(name + " starts", bits.all(), this::start));
        }
        for (Work.Move move : new LinkedHashSet<>(work.moves)) {
            events.add(Event.of(
                    name + "'s " + move.clock() + " +" + move.by().toMillis() + " ms",
                    bits.memory(),
                    () -> move(move)));
        }
        for (Call<?> call : calls) {
            events.addAll(call.enabled(bits, world.budget));
        }
    }

    private void move(Work.Move move) {
        work.moves.remove(move);
        if (move.clock().equals("clocks")) {
            clock.pass(move.by());
        } else {
            clock.setBy(move.by());
        }
    }

    /** Starts with empty memory, and with a new owner id. */
    final void start() {
        work.starts--;
        life = new Life(name + ++lives, leased());
        begin();
    }

    final SplittableRandom random() {
        return new SplittableRandom(31L * name.hashCode() + lives);
    }

    private void crash() {
        world.budget.crashes--;
        end();
    }

    /** Ends this life immediately, wherever it is. Requests that it has sent stay in flight. */
    final void end() {
        life.end();
        if (fiber != null) {
            track(fiber, fiber::kill);
        }
        forget();
    }

    // ---- calls ----

    final <T> void send(
            String what, boolean writes, Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
        Life sender = life;
        String call = sender + "'s request " + ++requests + " (" + what + ")";
        Consumer<T> heard = answer -> {
            confirm(sender, answer);
            answered.accept(answer);
        };
        calls.add(new Call<>(call, sender, writes, request, heard, failed));
    }

    private void confirm(Life sender, Object answer) {
        if (answer instanceof Replaced replaced && replaced.applied()) {
            for (Stored<NodeRecord> stored : replaced.view().nodes().values()) {
                world.checker.confirmed(sender, stored.record(), replaced.view());
            }
        }
    }

    // ---- stamping ----

    /** Runs code on a fiber, until it stops or ends. */
    final void begin(Runnable code, Runnable atClockReads) {
        Fiber taken = world.takeFiber();
        fiber = taken;
        track(taken, () -> taken.begin(code, atClockReads));
    }

    /** Lets the code that has stopped go on. */
    final void goOn() {
        Fiber stopped = Objects.requireNonNull(fiber);
        track(stopped, stopped::proceed);
    }

    private void track(Fiber running, Runnable step) {
        try {
            step.run();
        } finally {
            fiber = running.over() ? null : running;
        }
    }

    /** Stops the calling fiber until {@link #goOn}. */
    final void stop(Stop where) {
        stoppedAt = where;
        Fiber.current().waitHere();
    }

    private void park(long untilNanos) {
        wakesAtNanos = untilNanos;
        stop(Stop.PARKED);
    }

    final boolean stamping() {
        return fiber != null;
    }

    final boolean stoppedAt(Stop where) {
        return fiber != null && stoppedAt == where;
    }

    final long wakesAtNanos() {
        return wakesAtNanos;
    }

    final void took(long id) {
        world.checker.issued(life, id);
        world.seen(name + " stamps");
        world.note(life + " has ID " + id + " (position " + World.LAYOUT.position(id) + ")");
    }
}
