package io.snowline.walk;

import io.snowline.coordination.NodeIdRange;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SimulatedGenerators;
import io.snowline.simulated.Fiber;
import io.snowline.simulated.Reply;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A process in recorded mode: the real generator, whose calls block, so each round runs on a fiber. */
final class RecordedProcess extends WalkedProcess {

    /** The generator's check of the coordinator's health, which reserves nothing, is left out. */
    private static final WalkLoop.Network NOWHERE = new WalkLoop.Network() {
        @Override
        public <T> void send(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
            throw new IllegalStateException("recorded mode sends nothing from its loop");
        }
    };

    private RecordedIdGenerator generator;
    private WalkLoop loop;

    @SuppressWarnings("NullAway.Init") // a process begins without a life
    RecordedProcess(World world, String name, Bits bits, Work work) {
        super(world, name, bits, work);
    }

    @Override
    boolean leased() {
        return false;
    }

    @Override
    void begin() {
        loop = new WalkLoop(clock, NOWHERE, () -> false);
        generator = SimulatedGenerators.start(
                RecordedIdGenerator.builder(world.line(life, new Blocking()), World.NAMESPACE)
                        .layout(World.LAYOUT)
                        .nodeIds(new NodeIdRange(0, 0))
                        .node(0)
                        .reservation(World.SETTINGS)
                        .label(name)
                        .maxWait(Duration.ofMillis(1))
                        .timeSource(clock)
                        .listener(world::heard),
                random(),
                name -> loop);
    }

    @Override
    void forget() {
        // a round in progress is killed with its fiber
    }

    @Override
    void addWork(List<Event> events) {
        if (stoppedAt(Stop.PARKED)) {
            if (work.timers > 0) {
                events.add(Event.of(life + " wakes up", bits.all(), this::wakeUp));
            }
        } else if (!stamping()) {
            addRound(events);
        }
    }

    private void addRound(List<Event> events) {
        if (work.stamps > 0) {
            events.add(Event.of(life + " begins a round", bits.all(), this::beginRound));
        }
        if (loop.timers().stream().anyMatch(WalkLoop.Timer::delayed)) {
            events.add(Event.of(life + " lets the lock go", bits.all(), this::letGo));
        }
    }

    private void letGo() {
        WalkLoop.Timer timer = loop.timers().stream()
                .filter(WalkLoop.Timer::delayed)
                .findFirst()
                .orElseThrow();
        begin(() -> loop.fire(timer), () -> {});
    }

    private void beginRound() {
        work.stamps--;
        begin(this::round, () -> {});
    }

    private void wakeUp() {
        work.timers--;
        clock.passUntil(wakesAtNanos());
        goOn();
    }

    private void round() {
        long[] ids = new long[work.burst];
        try {
            generator.nextIds(ids);
        } catch (IdUnavailableException e) {
            world.seen(e.reason().name());
            world.note("no ID: " + e.reason());
            return;
        }
        for (long id : ids) {
            took(id);
        }
    }

    /** Stops the asking fiber until the walk has decided what happens to the request. */
    private final class Blocking implements Line.Wire {

        @Override
        public <T> T ask(String what, boolean writes, Supplier<T> request) {
            Fiber.current().requireAlive();
            Reply<T> reply = new Reply<>(RecordedProcess.this::goOn);
            send(what, writes, request, reply::answered, reply::failed);
            stop(Stop.REQUEST);
            return reply.get();
        }
    }
}
