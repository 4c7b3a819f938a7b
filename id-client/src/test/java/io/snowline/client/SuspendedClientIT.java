package io.snowline.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A process that is stopped with SIGSTOP for longer than its range is good for. On Linux the monotonic clock is the same in
 * all processes, so that the age of a range can be told from outside.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class SuspendedClientIT {

    private static final long GOOD_FOR_MILLIS = 300;
    private static final int LINES = 200;

    /** When each range was asked for, by its first ID. */
    private final NavigableMap<Long, Long> askedNanos = new ConcurrentSkipListMap<>();

    @Test
    void nothingStaleIsIssuedAfterwards() throws Exception {
        try (TestServer server = new TestServer().goodForMillis(GOOD_FOR_MILLIS)) {
            server.answer(request -> {
                TestServer.Reply reply = server.range(request);
                long first = ByteBuffer.wrap(reply.octets()).getLong(reply.octets().length - 48 - "orders".length());
                askedNanos.put(first, request.nanos());
                return reply;
            });
            Process process = launch(server.uri());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
                for (int pause = 0; pause < 3; pause++) {
                    check(lines, LINES);
                    int ranges = askedNanos.size();
                    signal(process, "STOP");
                    Thread.sleep(3 * GOOD_FOR_MILLIS); // another process, whose clock cannot be moved
                    signal(process, "CONT");
                    check(lines, LINES);
                    assertThat(askedNanos).hasSizeGreaterThan(ranges);
                }
            } finally {
                process.destroyForcibly();
            }
        }
    }

    /** Reads some lines, and makes sure that no ID was of a range that was too old when the call began. */
    private void check(BufferedReader lines, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String[] line = lines.readLine().split(" ", -1);
            long calledNanos = Long.parseLong(line[0]);
            Map.Entry<Long, Long> range = askedNanos.floorEntry(Long.parseLong(line[1]));
            assertThat(calledNanos - range.getValue())
                    .as("age of the range at the call")
                    .isLessThan(TimeUnit.MILLISECONDS.toNanos(GOOD_FOR_MILLIS));
        }
    }

    private static Process launch(String uri) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlowCaller.class.getName(),
                        uri)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void signal(Process process, String name) throws Exception {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(status).isZero();
    }
}
