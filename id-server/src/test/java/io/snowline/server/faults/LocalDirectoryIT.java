package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.Backend;
import io.snowline.server.testing.FaultTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The directory of the local coordinator cannot be written, or is gone. */
@Tag("faults")
@Tag("long")
@ExtendWith(FaultTable.class)
@Timeout(600)
class LocalDirectoryIT {

    private static final Duration NOTICED = Duration.ofSeconds(30);
    private static final Duration RECOVERED = Duration.ofSeconds(10);
    private static final Duration STARTED = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private FaultRun start(String fault, Path data, int nodeBits, int servers) {
        String yaml =
                """
                %s
                reservation: {ahead: 4s, renewEvery: 500ms, takeoverGrace: 1s}
                generators: {default: {%s}}
                """
                        .formatted(Backend.local(data).yaml(), FaultRun.layout(nodeBits));
        FaultRun run = FaultRun.of(fault, "local directory", directory)
                .nodeBits(nodeBits)
                .start(Stream.generate(() -> yaml).limit(servers).toArray(String[]::new));
        run.pass(Duration.ofSeconds(9)); // until windows begin in the past and reach as far as they may
        return run;
    }

    @Test
    void onAFullDiskItEndsWithTheWindowAndNoIdIsRepeated() throws Exception {
        if (!SmallDisk.canBeMounted(directory)) {
            System.out.println(
                    "No small disk can be mounted (it takes root): the limit of a file's size stands in for it");
            aLimitStandsInForAFullDisk();
            return;
        }
        Path disk = directory.resolve("disk");
        try (SmallDisk small = SmallDisk.mount(disk);
                FaultRun run = start("disk full, 3 times", disk.resolve("data"), 4, 2)) {
            for (int i = 0; i < 3; i++) {
                unwritable(run, small::fill, small::free, "No space left");
            }
            run.finish("coordinator unavailable");
        }
    }

    private void aLimitStandsInForAFullDisk() throws Exception {
        try (FaultRun run = start("no file may grow (RLIMIT_FSIZE), 3 times", directory.resolve("data"), 4, 2)) {
            for (int i = 0; i < 3; i++) {
                // The log is a file as well, and stays silent meanwhile, so this looks at a metric.
                double failures = run.server(0).metric("snowline.renewal_failures.default");
                long refused = run.refusals(0);
                limitFiles(run, "0:unlimited");
                run.await(
                        "renewals to fail",
                        NOTICED,
                        () -> run.server(0).metric("snowline.renewal_failures.default") > failures);
                run.await("the window to end", NOTICED, () -> run.refusals(0) > refused);
                limitFiles(run, "unlimited");
                run.awaitRecovery(RECOVERED);
            }
            run.finish("coordinator unavailable");
        }
    }

    private static void limitFiles(FaultRun run, String limit) {
        for (int i = 0; i < 2; i++) {
            Shell.run("prlimit", "--pid", Long.toString(run.server(i).pid()), "--fsize=" + limit);
        }
    }

    @Test
    void readOnlyItEndsWithTheWindowAndNoIdIsRepeated() throws Exception {
        Path disk = directory.resolve("disk");
        try (SmallDisk small = SmallDisk.mount(disk);
                FaultRun run = start("directory read-only, 3 times", disk.resolve("data"), 4, 2)) {
            for (int i = 0; i < 3; i++) {
                unwritable(run, small::makeReadOnly, small::makeWritable, "Read-only file system");
            }
            run.finish("coordinator unavailable");
        }
    }

    /** First for a moment, which no caller notices; then for longer than the windows reach. */
    private static void unwritable(FaultRun run, Runnable begin, Runnable end, String complaint) {
        long refused = run.refusals();
        int heard = run.server(0).log().length();
        begin.run();
        run.awaitLog(0, heard, complaint, NOTICED);
        end.run();
        run.awaitLog(0, heard, "windows are granted again", NOTICED);
        assertThat(run.refusals()).as("requests refused within `ahead`, too").isEqualTo(refused);

        run.pass(Duration.ofSeconds(2));
        begin.run();
        run.await("the window to end", NOTICED, () -> run.refusals() > refused);
        run.pass(Duration.ofSeconds(2));
        end.run();
        run.awaitRecovery(RECOVERED);
        run.pass(Duration.ofSeconds(5));
    }

    @Test
    void deletedOverAndOverNoIdIsRepeated() throws Exception {
        Path data = directory.resolve("data");
        lose("directory deleted and a server restarted, 4 times", data, () -> delete(data));
    }

    @Test
    void movedAwayOverAndOverNoIdIsRepeated() throws Exception {
        Path data = directory.resolve("data");
        int[] moved = {0};
        lose("directory moved away and a server restarted, 4 times", data, () -> {
            Path away = directory.resolve("away-" + moved[0]++);
            move(data, away);
        });
        assertThat(moved[0]).isEqualTo(4);
    }

    private void lose(String fault, Path data, Runnable loss) {
        try (FaultRun run = start(fault, data, 2, 3)) {
            for (int i = 0; i < 4; i++) {
                int victim = i % 3;
                int[] heard = run.heard();
                loss.run();
                run.server(victim).kill();
                run.server(victim).restart();
                run.awaitRecovery(STARTED);
                run.awaitLogOfAny(heard, "is at incarnation", NOTICED);
                run.pass(Duration.ofSeconds(6));
            }
            run.finish("starting", "no free node", "window ahead", "coordinator unavailable");
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (DirectoryNotEmptyException e) {
            delete(directory); // a server has written into it meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
