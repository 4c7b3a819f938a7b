package io.snowline.walk;

import io.snowline.coordination.NodeIdRange;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.SimulatedGenerators;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.simulated.Locks;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A process in leased mode: the real generator, keeper and lanes. */
final class LeasedProcess extends WalkedProcess {

    private final Peek peek = new Peek();
    private WalkLoop loop;
    private SnowflakeGenerator generator;
    private boolean closing;
    private Locks locks = new Locks();
    private @Nullable Thread stampingThread;

    /** Finds out the content of a request before it is sent, and lets it through when it arrives. */
    private static final class Peek implements Line.Wire {

        private static final class Seen extends RuntimeException {
            private static final long serialVersionUID = 1;

            Seen() {
                super("seen", null, false, false);
            }
        }

        private boolean peeking;
        private String what = "";
        private boolean writes;

        @Override
        public <T> T ask(String about, boolean writing, Supplier<T> request) {
            if (!peeking) {
                return request.get();
            }
            what = about;
            writes = writing;
            throw new Seen();
        }

        void at(Supplier<?> request) {
            peeking = true;
            try {
                var unused = request.get();
            } catch (Seen seen) {
                peeking = false;
                return;
            }
            throw new IllegalStateException("a call that asks the coordinator nothing");
        }
    }

    @SuppressWarnings("NullAway.Init") // a process begins without a life
    LeasedProcess(World world, String name, Bits bits, Work work) {
        super(world, name, bits, work);
    }

    @Override
    boolean leased() {
        return true;
    }

    @Override
    void begin() {
        closing = false;
        locks = new Locks();
        loop = new WalkLoop(
                clock,
                new WalkLoop.Network() {
                    @Override
                    public <T> void send(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
                        peek.at(request);
                        LeasedProcess.this.send(peek.what, peek.writes, request, answered, failed);
                    }
                },
                () -> Thread.currentThread() == stampingThread);
        generator = SimulatedGenerators.start(
                SnowflakeGenerator.builder(world.line(life, peek), World.NAMESPACE)
                        .layout(World.LAYOUT)
                        .nodeIds(new NodeIdRange(0, 0))
                        .reservation(World.SETTINGS)
                        .label(name)
                        .maxLead(Duration.ofMinutes(1))
                        .maxWait(Duration.ZERO)
                        .timeSource(clock)
                        .listener(world::heard),
                random(),
                name -> loop,
                locks);
        runTasks();
    }

    @Override
    void forget() {
        loop.close();
    }

    // ---- events ----

    @Override
    void addWork(List<Event> events) {
        if (stoppedAt(Stop.CLOCK_READ)) {
            events.add(Event.of(life + "'s stamping goes on", bits.memory(), this::goOn));
        } else if (work.stamps > 0) {
            events.add(Event.of(life + " stamps", bits.memory(), this::stamp));
        }
        for (WalkLoop.Timer timer : loop.timers()) {
            if (mayFire(timer)) {
                events.add(Event.of(life + "'s timer " + timer.number() + " fires", bits.all(), () -> fire(timer)));
            }
        }
        if (world.budget.closes > 0 && !closing) {
            events.add(Event.of(life + " closes", bits.all() | Bits.CLOSES, this::close));
        }
    }

    private boolean mayFire(WalkLoop.Timer timer) {
        if (timer.ofCaller()) {
            return work.hurries > 0;
        }
        return !timer.delayed() || work.timers > 0;
    }

    private void fire(WalkLoop.Timer timer) {
        if (timer.ofCaller()) {
            work.hurries--;
            world.seen("HURRIED");
        } else if (timer.delayed()) {
            work.timers--;
        }
        loop.fire(timer);
    }

    private void close() {
        world.budget.closes--;
        closing = true;
        SimulatedGenerators.beginClose(generator, () -> world.note("closed"));
    }

    private void stamp() {
        work.stamps--;
        if (work.stampsStepByStep) {
            begin(this::burst, this::stopAtClockRead);
        } else {
            burst();
        }
    }

    /** Wherever the caller holds a lock, everything else in its process would have to wait for it. */
    private void stopAtClockRead() {
        if (!locks.heldHere()) {
            stop(Stop.CLOCK_READ);
        }
    }

    private void burst() {
        stampingThread = Thread.currentThread();
        try {
            for (int i = 0; i < work.burst; i += work.batch) {
                takeSome();
            }
        } catch (IdUnavailableException e) {
            world.seen(e.reason().name());
            world.note("no ID: " + e.reason());
        } finally {
            stampingThread = null;
        }
    }

    private void takeSome() {
        if (work.batch == 1) {
            took(generator.nextId());
            return;
        }
        long[] ids = new long[work.batch];
        generator.nextIds(ids);
        for (long id : ids) {
            took(id);
        }
    }

    // ---- before the walk begins ----

    /** Runs until this process only waits for time to pass. */
    void settle() {
        runTasks();
        for (int i = 0; i < calls.size(); i++) { // the list grows meanwhile
            calls.get(i).settle();
            runTasks();
        }
    }

    private void runTasks() {
        while (loop.timers().stream().anyMatch(timer -> !timer.delayed())) {
            loop.fire(loop.timers().stream()
                    .filter(timer -> !timer.delayed())
                    .findFirst()
                    .orElseThrow());
        }
    }
}
