package io.snowline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs commands of the operating system. */
public final class Commands {

    private Commands() {}

    /** Tells whether a command ends with 0; false if there is no such command. */
    public static boolean succeeds(String... command) {
        try {
            return execute(List.of(command)).exitValue() == 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /**
     * Runs a command to its end.
     *
     * @throws UncheckedIOException if there is no such command
     * @throws IllegalStateException if the command does not end with 0
     */
    public static void run(String... command) {
        Result result = execute(List.of(command));
        if (result.exitValue() != 0) {
            throw new IllegalStateException(
                    "%s ended with %s: %s".formatted(String.join(" ", command), result.exitValue(), result.output()));
        }
    }

    private static Result execute(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private record Result(int exitValue, String output) {}
}
