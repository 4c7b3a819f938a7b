package io.snowline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a binary that is on the path. */
record LocalLauncher(Path binary) implements Launcher {

    static Optional<LocalLauncher> find(List<String> names) {
        return Binaries.find(names).map(LocalLauncher::new);
    }

    @Override
    public ServerProcess launch(List<String> arguments, List<Integer> ports, Path directory) {
        Path log = directory.resolve("server.log");
        try {
            Process process = new ProcessBuilder(command(binary, arguments))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new LocalProcess(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean run(List<String> programs, List<String> arguments, Path directory) {
        return runs(programs, arguments);
    }

    /** Runs the first of these programs that is on the path, and tells whether there is one. */
    static boolean runs(List<String> programs, List<String> arguments) {
        Optional<Path> program = Binaries.find(programs);
        program.ifPresent(path -> Commands.run(command(path, arguments).toArray(String[]::new)));
        return program.isPresent();
    }

    private static List<String> command(Path program, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        return command;
    }

    @Override
    public String toString() {
        return binary.toString();
    }

    private record LocalProcess(Process process, Path logFile) implements ServerProcess {

        @Override
        public boolean alive() {
            return process.isAlive();
        }

        @Override
        public void kill() {
            process.destroyForcibly();
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void pause() {
            signal("STOP");
        }

        @Override
        public void resume() {
            signal("CONT");
        }

        @Override
        public String log() {
            try {
                List<String> lines = Files.readAllLines(logFile);
                return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
            } catch (IOException e) {
                return e.toString();
            }
        }

        private void signal(String name) {
            Commands.run("kill", "-" + name, Long.toString(process.pid()));
        }
    }
}
