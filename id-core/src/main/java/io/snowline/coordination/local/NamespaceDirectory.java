package io.snowline.coordination.local;

import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.support.Names;
import io.snowline.coordination.support.RecordSet;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The files of one namespace.
 *
 * <pre>
 *   &lt;directory&gt;/&lt;namespace&gt;/records.txt       every record; replaced as a whole, by a rename
 *                          records.lock      locked during a step, never opened for anything else, always empty
 *                          lock-&lt;name&gt;.txt    who holds a lock of recorded mode
 *                          *.tmp             a write in progress, under a random name; worthless after a crash
 * </pre>
 *
 * <p>Immutable and thread-safe.
 *
 * @param base the coordinator's directory, absolute
 * @param namespace the namespace
 * @param lockTimeout how long to wait for the steps of other processes and threads
 */
record NamespaceDirectory(Path base, String namespace, Duration lockTimeout) {

    NamespaceDirectory {
        Names.requireNamespace(namespace);
    }

    Path directory() {
        return base.resolve(namespace);
    }

    /** Returns every record; needs no lock, since files are replaced by a rename. */
    RecordSet read() throws IOException {
        return read(recordsFile(), header(), RecordLines::parse).orElse(RecordSet.EMPTY);
    }

    /** Replaces every record, durably; on failure the previous records are intact. */
    void write(RecordSet records, StepLock.Held held) throws IOException {
        AtomicFile.replaceDurably(recordsFile(), CheckedText.seal(header(), RecordLines.of(records)), held);
    }

    /**
     * Deletes what interrupted writes have left. Call with the lock held; a write that then continues without the lock
     * fails.
     */
    void clear() throws IOException {
        AtomicFile.deleteUnfinished(directory());
    }

    /**
     * Reads a file of this namespace.
     *
     * @param parser throws IllegalArgumentException for lines that it cannot read
     * @return empty if there is no such file
     * @throws UnreadableRecordException if the file was not written under this header
     */
    static <T> Optional<T> read(Path file, String header, Function<List<String>, T> parser) throws IOException {
        try {
            return Optional.of(parser.apply(CheckedText.read(file, header)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException(CheckedText.refusal(file, String.valueOf(e.getMessage())), e);
        }
    }

    /** Runs a step while no other process or thread runs one on this namespace. */
    <T> T alone(StepLock.Step<T> step) throws IOException {
        AtomicFile.createDirectories(directory());
        // The real path, so that one file is never locked under two names.
        return StepLock.of(directory().toRealPath().resolve("records.lock")).run(lockTimeout, step);
    }

    private Path recordsFile() {
        return directory().resolve("records.txt");
    }

    private String header() {
        return "snowline-records 1 namespace=" + namespace;
    }
}
