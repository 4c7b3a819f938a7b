package io.snowline.simulation;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs seeds. Needs only the JDK and the code under test, so that it also runs in another JVM or class loader. */
final class Simulation {

    /** The result of one seed. */
    record Outcome(long seed, long ids, long fingerprint, Optional<String> violation, String trace) {}

    // Held here, since a logger without a strong reference forgets its level.
    private static final Logger LEASES = Logger.getLogger("io.snowline.lease");
    private static final Logger GENERATORS = Logger.getLogger("io.snowline.id");

    private Simulation() {}

    /** Keeps the logs of thousands of processes out of the build's output. */
    static void silence() {
        LEASES.setLevel(Level.OFF);
        GENERATORS.setLevel(Level.OFF);
    }

    static void letTheLogInAgain() {
        LEASES.setLevel(null);
        GENERATORS.setLevel(null);
    }

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
     * @return the seed and what was seen; null if none fails
     */
    static String[] firstFailure(long from, long count, String mistake) {
        silence();
        String[][] found = new String[1][];
        onSimulatedThread(fibers -> {
            for (long seed = from; seed < from + count && found[0] == null; seed++) {
                Outcome outcome = run(seed, fibers, Mistake.valueOf(mistake), false);
                if (outcome.violation().isPresent()) {
                    found[0] = new String[] {
                        Long.toString(seed), outcome.violation().get()
                    };
                }
            }
        });
        return found[0];
    }

    /** Prints the fingerprints of some seeds: {@code from count}. */
    public static void main(String[] args) {
        silence();
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
