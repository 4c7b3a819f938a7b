package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.ServerProcess;
import io.snowline.server.testing.ServerProcess.Result;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Commands of the real jar: status, streams and working directory; the rest is in {@link CommandsTest}. */
@Execution(ExecutionMode.CONCURRENT)
class CommandsIT {

    private static final long ID = 250546550301442048L;

    @TempDir
    private Path directory;

    @Test
    void checkEndsWithStatusZeroAndWritesNothing() throws Exception {
        Result result = run("generators: {orders: {}}", "check", "config.yml");

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).startsWith("config.yml is OK");
        assertThat(directory.resolve("id-data")).doesNotExist();
    }

    @Test
    void aBadConfigurationEndsWithStatusOneAndOneMessage() throws Exception {
        Result result = run("generators: {orders: {layout: {timestampBits: 42}}}", "server", "config.yml");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().strip())
                .isEqualTo(
                        "config.yml has an error:%n  * generators.orders.layout: timestampBits + nodeBits + sequenceBits must be at most 63, got 42 + 10 + 12 = 64"
                                .formatted());
    }

    @Test
    void anAuditReadsTheStandardInputAndDuplicatesEndItWithStatusOne() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(24).putLong(ID).putLong(ID + 1).putLong(ID);
        Path file = Files.write(directory.resolve("ids.bin"), bytes.array());

        Result result = ServerProcess.runWithInput(directory, file, "audit", "--format", "binary", "-");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("3 IDs, binary in 1 input")
                .contains("standard input byte 0 and standard input byte 16");
        assertThat(result.err().strip()).isEqualTo("duplicates found: 1");
    }

    @Test
    void anAuditThatCannotBeFinishedEndsWithStatusTwo() {
        Result result = ServerProcess.run(directory, "audit", "--config", "nowhere.yml", "ids.txt");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("nowhere.yml").doesNotContain("\tat ");
    }

    private Result run(String yaml, String... command) throws Exception {
        Files.writeString(directory.resolve("config.yml"), yaml);
        return ServerProcess.run(directory, command);
    }
}
