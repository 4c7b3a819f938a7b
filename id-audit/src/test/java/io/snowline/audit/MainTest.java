package io.snowline.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The audit as a program; the server's command has the same arguments. */
class MainTest {

    /** 2026-11-23T09:02:32.521Z, node 684. */
    private static final long ID = 250546550301442048L;

    @TempDir
    private Path directory;

    private record Result(int status, String out, String err) {}

    @Test
    void idsThatDifferPass() throws Exception {
        write("ids.txt", LongStream.range(ID, ID + 3_000));

        Result result = run("--at", "2026-11-23T09:02:32.500Z", "ids.txt");

        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains("3000 IDs, decimal in 1 input, layout 41/10/12@1ms, epoch 2025-01-01T00:00:00Z")
                .contains("3000 IDs ahead of 2026-11-23T09:02:32.500Z, by up to 0.021 s")
                .contains("no ID occurs more than once");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void duplicatesAreShownAndTheStatusIsOne() throws Exception {
        write("a.txt", LongStream.range(ID, ID + 10));
        write("b.txt", LongStream.range(ID + 7, ID + 20));

        Result result = run("a.txt", "b.txt");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("3 IDs occur more than once, with 3 occurrences too many")
                .containsPattern(
                        ID + 7 + "  2026-11-23T09:02:32.521Z node 684 sequence 7: .*a.txt line 8 and .*b.txt line 1")
                .containsPattern("3: two owners of node 684 at a time, in .*a.txt and .*b.txt");
        assertThat(result.err().strip()).isEqualTo("duplicates found: 3");
    }

    @Test
    void binaryIdsAreRead() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(24).putLong(ID).putLong(ID + 1).putLong(ID);
        Files.write(directory.resolve("ids.bin"), bytes.array());

        Result result = run("--format", "binary", "ids.bin");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("3 IDs, binary in 1 input").containsPattern("byte 0 and .* byte 16");
    }

    @Test
    void idsOfOtherSystemsAreReadByTheirLayoutAndEpoch() throws Exception {
        write("ids.txt", LongStream.of(1541815603606036480L)); // the example in Wikipedia's article on Snowflake IDs

        assertThat(run("--epoch", "1288834974657", "ids.txt").out())
                .contains("  378  ")
                .contains("2022-06-28T16:07:40.105Z");
        assertThat(run("--layout", "28/22/13", "--tick", "1s", "--epoch", "2016-05-20T00:00:00Z", "ids.txt")
                        .out())
                .contains("layout 28/22/13@1000ms, epoch 2016-05-20T00:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ids.txt bad.txt | bad.txt, line 2: decimal ID must be 1 to 19 characters of 0123456789, got 'x'",
                "nowhere.txt | nowhere.txt must be readable",
                "--layout 41/10 ids.txt | --layout must be three numbers of bits such as 41/10/12, got '41/10'",
                "--layout 42/10/12 ids.txt | timestampBits + nodeBits + sequenceBits must be at most 63",
                "--tick soon ids.txt | --tick must be a duration such as 1ms or 1s, got 'soon'",
                "--at +99999-01-01T00:00:00Z ids.txt | --at must be from",
                "--at yesterday ids.txt | --at must be an instant such as",
                "--format roman ids.txt | got 'roman'",
                "--surprise ids.txt | unrecognized arguments",
                "- - | - must be given once",
                "--format hex | too few arguments"
            })
    void anAuditThatCannotBeFinishedSaysWhyAndItsStatusIsTwo(String line, String message) throws Exception {
        write("ids.txt", LongStream.of(ID));
        Files.writeString(directory.resolve("bad.txt"), "1\nx\n");

        Result result = run(line.split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains(message).doesNotContain("\tat ");
        assertThat(result.out()).isEmpty();
    }

    /** Runs it with the names of files taken from the directory. */
    private Result run(String... arguments) {
        String[] placed = Arrays.stream(arguments)
                .map(argument -> argument.matches(".*\\.(txt|bin)")
                        ? directory.resolve(argument).toString()
                        : argument)
                .toArray(String[]::new);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                placed);
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private void write(String name, LongStream ids) throws Exception {
        Files.writeString(directory.resolve(name), ids.mapToObj(id -> id + "\n").collect(Collectors.joining()));
    }
}
