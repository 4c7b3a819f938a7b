package io.snowline.coordination.redis.testing;

import java.nio.file.Path;
import java.util.List;

/** A way to run {@code redis-server} on this machine. {@code toString} says which. */
interface Launcher {

    /**
     * Runs a server. It shares the loopback addresses and the directory with this process.
     *
     * @param arguments the command line after {@code redis-server}
     * @param port the port that it listens on
     * @param directory where it keeps its files
     */
    ServerProcess launch(List<String> arguments, int port, Path directory);

    /** A running server. */
    interface ServerProcess {

        boolean alive();

        /** Kills it as {@code kill -9} does, and waits until it has ended. */
        void kill();

        /** Freezes it without its noticing, as {@code kill -STOP} does. */
        void pause();

        void resume();

        /** Returns the end of its output. */
        String log();
    }
}
