package io.snowline.coordination.local;

import io.snowline.coordination.Replacement;
import io.snowline.coordination.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The trace of one namespace.
 *
 * <p>Immutable and thread-safe.
 *
 * @param place the directory of the traces; empty if none are kept
 * @param namespace the namespace
 * @param lockTimeout how long to wait for the steps of other processes and threads
 */
record NamespaceTrace(Optional<Path> place, String namespace, Duration lockTimeout) {

    /** Reads the trace; needs no lock. */
    Trace read() throws IOException {
        if (place.isEmpty()) {
            return Trace.UNKNOWN;
        }
        return NamespaceDirectory.read(file(), header(), NamespaceTrace::parse).orElse(Trace.NONE);
    }

    private static Trace parse(List<String> lines) {
        if (lines.size() != 1) {
            throw new IllegalArgumentException("it must have one line, and has " + lines.size());
        }
        return Trace.leftBy(lines.get(0));
    }

    /**
     * Writes the trace of a namespace record, durably and before the record, so that there is never a record without a
     * trace.
     */
    void write(Replacement replacement, StepLock.Held held) throws IOException {
        String token = replacement.namespace().orElseThrow().token();
        AtomicFile.replaceDurably(file(), CheckedText.seal(header(), List.of(token)), held);
    }

    /** Runs a step while no other process or thread compares or writes this trace. */
    <T> T alone(StepLock.Step<T> step) throws IOException {
        Path traces = place.orElseThrow(() -> new IOException("no trace can be kept next to the directory"));
        AtomicFile.createDirectories(traces);
        return StepLock.of(traces.toRealPath().resolve(namespace + ".lock")).run(lockTimeout, step);
    }

    Path file() {
        return place.orElse(Path.of("")).resolve(namespace + ".txt");
    }

    private String header() {
        return "snowline-trace 1 namespace=" + namespace;
    }
}
