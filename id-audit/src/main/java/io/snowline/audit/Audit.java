package io.snowline.audit;

import io.snowline.id.IdLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Audits IDs: reads them once, sorts them, and looks for equal neighbours. Memory does not grow with their number; the
 * temporary directory needs 2 to 14 bytes for each.
 *
 * <p>Does not guarantee that IDs it was not shown are unique, nor that a likely cause is the actual one. Node ids are
 * told apart up to 65,536 of them in each input, and 262,144 in all.
 *
 * <p>Immutable and thread-safe.
 *
 * @param layout how the bits are divided
 * @param encoding how the inputs hold the IDs
 * @param temporary the directory for the temporary file, which exists only if more than {@code runSize} IDs were read
 * @param runSize how many IDs to sort at a time; each takes 24 bytes of memory
 * @param at the time to compare with; by default that of this machine's wall clock when all has been read
 */
public record Audit(IdLayout layout, IdEncoding encoding, Path temporary, int runSize, Optional<Instant> at) {

    private static final int MOST_SHOWN = 20;
    private static final int MOST_NODES = 1 << 18;
    private static final int MOST_NODES_OF_AN_INPUT = 1 << 16;
    private static final int LARGEST_RUN = 1 << 23;
    private static final int SHARE_OF_MEMORY = 4;

    /**
     * @throws IllegalArgumentException if {@code runSize} is less than 1
     */
    public Audit {
        if (runSize < 1) {
            throw new IllegalArgumentException("runSize must be at least 1, got " + runSize);
        }
    }

    /** Returns a run size that suits the memory of this process. */
    public static int suitableRunSize() {
        long affordable = Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY / Run.BYTES_PER_ID;
        return (int) Math.max(1, Math.min(LARGEST_RUN, affordable));
    }

    /**
     * Reads the inputs one after the other, and reports.
     *
     * @throws AuditException if an input cannot be read or contains something that is not an ID of the layout, or the
     *     temporary directory is full; the message names the input, the place, the value and the rule
     */
    public AuditReport run(List<Input> inputs) {
        return run(inputs, line -> {});
    }

    /**
     * Does the same, and tells every ten seconds how far it is.
     *
     * @param progress gets a line, without its end, such as {@code 1,310,720 IDs read, 42 % of the input; 14 s more}
     * @throws AuditException as {@link #run(List)}
     */
    public AuditReport run(List<Input> inputs, Consumer<String> progress) {
        return run(inputs, new Progress(progress, System::nanoTime));
    }

    AuditReport run(List<Input> inputs, Progress progress) {
        try (ExternalSort sort = new ExternalSort(temporary, runSize)) {
            List<InputTally> tallies = readAll(new Reading(inputs, progress), sort);
            Instant clock = at.orElseGet(Instant::now);
            DuplicateFinder finder =
                    new DuplicateFinder(tallies, layout, ClockLead.firstAfter(layout, clock), MOST_SHOWN);
            sort.forEach(new Comparing(finder, sort.count(), progress));
            return new AuditReport(
                    this, clock, tallies, finder, new CauseFinder(tallies, layout, clock).explain(finder.evidence()));
        }
    }

    private List<InputTally> readAll(Reading reading, ExternalSort sort) {
        List<InputTally> tallies = new ArrayList<>();
        long count = 0;
        int nodes = 0;
        for (Input input : reading.inputs()) {
            InputTally tally =
                    new InputTally(input.name(), count, layout, Math.min(MOST_NODES_OF_AN_INPUT, MOST_NODES - nodes));
            read(input, tally, sort, reading);
            tallies.add(tally);
            count += tally.order().count();
            nodes += tally.nodes().size();
        }
        return tallies;
    }

    private void read(Input input, InputTally tally, ExternalSort sort, Reading reading) {
        try (IdReader reader = encoding.reader(reading.open(input))) {
            for (long id = reader.next(); id != IdReader.NONE; id = reader.next()) {
                tally.add(id);
                sort.add(id);
                reading.tell(sort.count());
            }
        } catch (IOException e) {
            throw new AuditException("%s must be readable, but: %s".formatted(input.name(), e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new AuditException(
                    "%s, %s: %s"
                            .formatted(
                                    input.name(), encoding.place(tally.order().count()), e.getMessage()),
                    e);
        }
    }
}
