package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.ServerProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code audit} command, inside this process; its arguments are tested with {@code id-audit}. */
class AuditCommandTest {

    /** 2026-11-23T09:02:32.521Z, node 684. */
    private static final long ID = 250546550301442048L;

    @TempDir
    private Path directory;

    @Test
    void duplicatesAreShownAndTheStatusIsOne() throws Exception {
        write("a.txt", LongStream.range(ID, ID + 10));
        write("b.txt", LongStream.range(ID + 7, ID + 20));

        Result result = run("a.txt", "b.txt");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("3 IDs occur more than once, with 3 occurrences too many")
                .contains("%d  2026-11-23T09:02:32.521Z node 684 sequence 7: %s line 8 and %s line 1"
                        .formatted(ID + 7, directory.resolve("a.txt"), directory.resolve("b.txt")))
                .contains("3: two owners of node 684 at a time, in %s and %s"
                        .formatted(directory.resolve("a.txt"), directory.resolve("b.txt")));
        assertThat(result.err().strip()).isEqualTo("duplicates found: 3");
    }

    @Tag("T31")
    @Test
    void layoutAndEpochComeFromAConfigurationToo() throws Exception {
        write("ids.txt", LongStream.of(1L << 15));
        Files.writeString(
                directory.resolve("config.yml"),
                "generators: {a: {}, b: {epoch: 2024-01-01T00:00:00Z, layout: {timestampBits: 38, nodeBits: 7, sequenceBits: 8, tick: 10ms}}}");

        assertThat(run("--config", "config.yml", "--namespace", "b", "ids.txt").out())
                .contains("layout 38/7/8@10ms, epoch 2024-01-01T00:00:00Z")
                .contains("2024-01-01T00:00:00.010Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--layout 41/10 ids.txt | --layout must be three numbers of bits such as 41/10/12, got '41/10'",
                "--namespace missing ids.txt | --namespace must be one of [default], got 'missing'",
                "--config nowhere.yml ids.txt | nowhere.yml",
                "--surprise ids.txt | unrecognized arguments"
            })
    void anAuditThatCannotBeFinishedSaysWhyAndItsStatusIsTwo(String line, String message) throws Exception {
        write("ids.txt", LongStream.of(ID));

        Result result = run(line.split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains(message).doesNotContain("\tat ");
    }

    /** Runs an audit; words that end in the names of files stand for those of the directory. */
    private Result run(String... arguments) throws Exception {
        return Commands.run(Stream.concat(
                        Stream.of("audit"),
                        Arrays.stream(arguments)
                                .map(word -> word.matches(".*\\.(txt|yml)")
                                        ? directory.resolve(word).toString()
                                        : word))
                .toArray(String[]::new));
    }

    private void write(String name, LongStream ids) throws Exception {
        Files.writeString(directory.resolve(name), ids.mapToObj(id -> id + "\n").collect(Collectors.joining()));
    }
}
