package io.snowline.simulation;

import io.snowline.simulated.CoreLog;
import io.snowline.simulated.Fibers;
import io.snowline.simulated.SimulatedThread;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Runs seeds. Needs only the JDK and the code under test, so that it also runs in another JVM or class loader. */
final class Simulation {

    /** The result of one seed. */
    record Outcome(long seed, long ids, long fingerprint, Optional<String> violation, String trace) {}

    private Simulation() {}

    /** Runs something with the threads that worlds need, and waits until it ends. */
    static void onSimulatedThread(Consumer<Fibers> body) {
        Throwable[] thrown = new Throwable[1];
        SimulatedThread thread = new SimulatedThread(
                () -> {
                    try (Fibers fibers = new Fibers()) {
                        body.accept(fibers);
                    } catch (RuntimeException | Error e) {
                        thrown[0] = e;
                    }
                },
                "simulation");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a simulation ran", e);
        }
        if (thrown[0] != null) {
            throw new IllegalStateException("the simulation broke off", thrown[0]);
        }
    }

    /** Runs one seed. */
    static Outcome run(long seed, Fibers fibers, Mistake mistake, boolean traced) {
        Timeline timeline = new Timeline(seed, traced);
        SimulatedThread.becomeCaller(0);
        try {
            long ids = new World(timeline, fibers, mistake).run();
            return new Outcome(seed, ids, timeline.fingerprint(), Optional.empty(), timeline.trace());
        } catch (Violation | RuntimeException e) {
            return new Outcome(seed, 0, timeline.fingerprint(), Optional.of(words(e)), timeline.trace());
        }
    }

    private static String words(Throwable e) {
        return e instanceof Violation ? String.valueOf(e.getMessage()) : String.valueOf(e);
    }

    /**
     * Runs seeds until one fails.
     *
     * @param first the seed to begin with; 0: none
     * @param from the seed after that
     * @return the seed and what was seen; null if none fails
     */
    static String[] firstFailure(long first, long from, long count, String mistake) {
        String[][] found = new String[1][];
        LongStream seeds =
                LongStream.concat(LongStream.of(first).filter(seed -> seed != 0), LongStream.range(from, from + count));
        onSimulatedThread(fibers -> seeds.mapToObj(seed -> run(seed, fibers, Mistake.valueOf(mistake), false))
                .filter(outcome -> outcome.violation().isPresent())
                .findFirst()
                .ifPresent(outcome -> found[0] = new String[] {
                    Long.toString(outcome.seed()), outcome.violation().get()
                }));
        return found[0];
    }

    /** Prints the fingerprints of some seeds: {@code from count}. */
    public static void main(String[] args) {
        CoreLog.off();
        long from = Long.parseLong(args[0]);
        long count = Long.parseLong(args[1]);
        onSimulatedThread(fibers -> {
            for (long seed = from; seed < from + count; seed++) {
                System.out.println(
                        seed + " " + run(seed, fibers, Mistake.NONE, false).fingerprint());
            }
        });
    }
}
