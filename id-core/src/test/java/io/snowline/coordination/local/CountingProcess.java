package io.snowline.coordination.local;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.StoreView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Another JVM, which repeatedly raises the mark of node id 0 by one, and prints each mark that it has reached. */
final class CountingProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader marks;

    private CountingProcess(Process process) {
        this.process = process;
        this.marks = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The other JVM's program. Arguments: the directory, and how often to count. */
    public static void main(String[] args) {
        NodeCoordinator coordinator = Samples.open(Path.of(args[0]));
        long rounds = Long.parseLong(args[1]);
        StoreView view = coordinator.read(Samples.NAMESPACE);
        long applied = 0;
        while (applied < rounds) {
            long next = Samples.mark(view, 0) + 1;
            Replaced replaced = Samples.raise(coordinator, view, 0, next);
            view = replaced.view();
            if (replaced.applied()) {
                applied++;
                System.out.println(next);
            }
        }
    }

    static CountingProcess start(Path directory, long rounds) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java,
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CountingProcess.class.getName(),
                directory.toString(),
                Long.toString(rounds));
        return new CountingProcess(
                builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Waits for the next mark; empty when the process has ended. */
    Optional<Long> nextMark() {
        try {
            return Optional.ofNullable(marks.readLine()).map(Long::parseLong);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Kills the process as kill -9 does, whatever it is doing; its output can still be read. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // Process.destroyForcibly would also close its output
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
