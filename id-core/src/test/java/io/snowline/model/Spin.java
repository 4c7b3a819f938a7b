package io.snowline.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs {@code docs/model/check}, which needs Spin and gcc; if they are missing, Debian's packages are installed. */
final class Spin {

    private static final List<String> PROGRAMS = List.of("spin", "gcc");

    /** One at a time: apt-get does not wait for another one, and modules are tested in parallel. */
    private static final String APT_LOCK =
            Path.of(System.getProperty("java.io.tmpdir"), "snowline-apt.lock").toString();

    record Result(int exitValue, String output) {}

    private Spin() {}

    /**
     * Makes sure that Spin and gcc are there.
     *
     * @throws IllegalStateException if they are not and cannot be installed; the message says what to do
     */
    static void require() {
        if (!installed()) {
            install();
        }
        if (!installed()) {
            throw new IllegalStateException(
                    """
                    No Spin or no gcc on the path for the check of the model (docs/model), and they could not be installed.
                    Do one of:
                      sudo apt-get install -y spin gcc libc6-dev       (macOS: brew install spin)
                      skip the integration tests with -DskipITs""");
        }
    }

    /** Runs the check with the arguments given, and returns what it printed. */
    static Result check(String... arguments) {
        return run(Stream.concat(Stream.of(script().toString()), Stream.of(arguments))
                .toList());
    }

    /** Returns the script, which is in the parent directory of this module. */
    private static Path script() {
        Path module = Path.of("").toAbsolutePath();
        return Stream.of(module, module.getParent())
                .map(directory -> directory.resolve("docs/model/check"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no docs/model/check at or above " + module));
    }

    private static boolean installed() {
        return PROGRAMS.stream().allMatch(program -> succeeds("sh", "-c", "command -v " + program));
    }

    private static void install() {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!succeeds("sh", "-c", "command -v apt-get") || !(root || succeeds("sh", "-c", "sudo -n true"))) {
            return;
        }
        System.out.println("Installing Debian's packages spin, gcc and libc6-dev for the check of the model");
        String sudo = root ? "" : "sudo -n ";
        String install = sudo + "apt-get update -q && " + sudo
                + "env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends spin gcc libc6-dev";
        Result result = run(List.of("flock", APT_LOCK, "sh", "-c", install));
        if (result.exitValue() != 0) {
            System.out.println("Installing them failed: " + result.output());
        }
    }

    private static boolean succeeds(String... command) {
        return run(List.of(command)).exitValue() == 0;
    }

    private static Result run(List<String> command) {
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
}
