package io.snowline.audit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of IDs in bounded memory: runs of them are sorted in memory and written to a temporary file, then
 * merged. Each ID comes with its ordinal, which is how many were added before it.
 *
 * <p>Memory is used for one {@link Run} and, while merging, for one buffer per run. Not thread-safe.
 */
final class ExternalSort implements AutoCloseable {

    private static final int MOST_BUFFERED = 1 << 16;
    private static final int LEAST_BUFFERED = 1 << 12;
    private static final int BUFFERED_IN_ALL = 1 << 25;

    private final Path directory;
    private @Nullable Run run;
    private @Nullable RunFile file;
    private final int runSize;
    private final List<Written> written = new ArrayList<>();
    private long count;

    private record Written(long base, long position, long limit) {}

    /** Takes the IDs that were added, in order. */
    @FunctionalInterface
    interface Visitor {

        /** Takes an ID that is larger than those before, or equal and added later. */
        void visit(long id, long ordinal);
    }

    /**
     * @param directory where the temporary file goes
     * @param runSize how many IDs to sort at a time
     */
    ExternalSort(Path directory, int runSize) {
        this.directory = directory;
        this.runSize = runSize;
    }

    /**
     * Adds an ID, 0 or more.
     *
     * @throws AuditException if the temporary directory is full
     */
    void add(long id) {
        Run current = run;
        if (current == null) {
            current = new Run(runSize);
            run = current;
        } else if (current.full()) {
            write(current);
        }
        current.add(id);
        count++;
    }

    /** Returns how many IDs were added. */
    long count() {
        return count;
    }

    private void write(Run full) {
        full.sort();
        RunFile target = file;
        if (target == null) {
            target = RunFile.create(directory);
            file = target;
        }
        long position = written.isEmpty() ? 0 : written.get(written.size() - 1).limit();
        written.add(new Written(count - full.size(), position, target.append(full)));
        full.clear();
    }

    /**
     * Passes all IDs to a visitor, in order. Ends this sort: nothing can be added afterwards.
     *
     * @throws AuditException if the temporary directory is full
     */
    void forEach(Visitor visitor) {
        Run last = run;
        if (last == null) {
            return;
        }
        if (written.isEmpty()) {
            last.sort();
            for (int rank = 0; rank < last.size(); rank++) {
                visitor.visit(last.id(rank), last.index(rank));
            }
            return;
        }
        write(last);
        run = null; // makes room for the buffers
        Merge merge = new Merge(readers());
        while (merge.advance()) {
            visitor.visit(merge.id(), merge.ordinal());
        }
    }

    private List<RunReader> readers() {
        RunFile source = file;
        if (source == null) {
            return List.of();
        }
        int buffered = Math.max(LEAST_BUFFERED, Math.min(MOST_BUFFERED, BUFFERED_IN_ALL / written.size()));
        return written.stream()
                .map(one -> new RunReader(source, one.base(), one.position(), one.limit(), buffered))
                .toList();
    }

    @Override
    public void close() {
        RunFile opened = file;
        if (opened != null) {
            opened.close();
        }
    }
}
