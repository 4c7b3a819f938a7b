package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.lease.LeaseKeeper;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** P12 with real errors of a virtual machine without memory: renewal goes on once there is some again. */
class WithoutMemoryIT {

    private static final int SECONDS_WITHOUT = 8;

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void p12_renewalsGoOnOnceThereIsMemoryAgain() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath(),
                        WithoutMemory.class.getName(),
                        Integer.toString(SECONDS_WITHOUT))
                .redirectErrorStream(true)
                .start();
        String printed;
        try {
            printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(printed).contains("out of memory: true");
        assertThat(number("afterwards", printed))
                .as("renewals in 5 s, one each 200 ms: %s", printed)
                .isGreaterThan(15);
        assertThat(printed).contains("an ID: ");
    }

    private static int number(String name, String printed) {
        Matcher matcher =
                Pattern.compile("^" + name + ": (\\d+)$", Pattern.MULTILINE).matcher(printed);
        assertThat(matcher.find()).as("%s in: %s", name, printed).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static String classPath() {
        return Stream.of(WithoutMemory.class, LeaseKeeper.class, NullMarked.class)
                .map(WithoutMemoryIT::placeOf)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String placeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the place of " + type + " is not an address", e);
        }
    }
}
