package io.snowline.coordination.local;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;

/** Makes coordinators over a directory on a test's own file system, which a configuration cannot name. */
public final class LocalCoordinators {

    private LocalCoordinators() {}

    /** Opens a coordinator over a directory, given by its absolute path. */
    public static NodeCoordinator open(Path directory) {
        return new LocalCoordinator(directory, Duration.ofSeconds(5), TimeSource.system(), "");
    }
}
