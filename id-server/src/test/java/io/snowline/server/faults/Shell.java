package io.snowline.server.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Commands of the operating system. */
final class Shell {

    private record Result(int status, String output) {}

    private Shell() {}

    /**
     * Runs a command.
     *
     * @throws IllegalStateException if it does not end with 0
     */
    static void run(String... command) {
        Result result = execute(command);
        if (result.status() != 0) {
            throw new IllegalStateException(
                    "%s ended with %d: %s".formatted(String.join(" ", command), result.status(), result.output()));
        }
    }

    /** Tells whether a command ends with 0; false if there is no such command. */
    static boolean succeeds(String... command) {
        try {
            return execute(command).status() == 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static Result execute(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
