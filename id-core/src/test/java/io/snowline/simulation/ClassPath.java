package io.snowline.simulation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.lease.LeaseKeeper;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Where classes come from. */
final class ClassPath {

    private ClassPath() {}

    /** Returns the class path for running the simulation in another JVM, and for compiling. */
    static String ofSimulation() {
        return Stream.of(Simulation.class, LeaseKeeper.class, NullMarked.class, GuardedBy.class)
                .map(ClassPath::placeOf)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
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
