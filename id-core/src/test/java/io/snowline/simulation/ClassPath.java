package io.snowline.simulation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.lease.LeaseKeeper;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Where classes come from. */
final class ClassPath {

    private ClassPath() {}

    /** Returns the class path for running the simulation in another JVM, and for compiling. */
    static List<Path> ofSimulation() {
        return Stream.of(Simulation.class, LeaseKeeper.class, NullMarked.class, GuardedBy.class)
                .map(ClassPath::placeOf)
                .toList();
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the place of " + type + " is not an address", e);
        }
    }
}
