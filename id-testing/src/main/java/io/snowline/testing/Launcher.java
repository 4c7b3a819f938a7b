package io.snowline.testing;

import java.nio.file.Path;
import java.util.List;

/** A way to run a server on this machine. {@code toString} says which. */
interface Launcher {

    /**
     * Runs the server. It shares with this process the loopback addresses, its directory, and the files that its
     * arguments name.
     *
     * @param arguments the command line after the name of the program
     * @param ports the ports that it listens on
     * @param directory where it keeps its files
     */
    ServerProcess launch(List<String> arguments, List<Integer> ports, Path directory);

    /**
     * Runs another program, which comes with the server, to its end.
     *
     * @param programs the names of programs, the first of which that exists is run
     * @param directory the server's
     * @return whether there is one of them
     * @throws IllegalStateException if it fails
     */
    boolean run(List<String> programs, List<String> arguments, Path directory);

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
