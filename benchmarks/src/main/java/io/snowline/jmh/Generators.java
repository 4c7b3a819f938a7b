package io.snowline.jmh;

import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.id.IdLayout;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.time.TimeSource;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** Snowline's generators, on the local coordinator in a new directory. */
final class Generators {

    /** 67,108,864 IDs per millisecond: faster than an array can be filled. */
    static final IdLayout WIDE = new IdLayout(36, 1, 26, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);

    static final IdLayout CLASSIC = IdLayout.classic(IdLayout.DEFAULT_EPOCH);

    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final ReservationSettings SHORT_WINDOWS = new ReservationSettings(
            Duration.ofSeconds(1),
            Duration.ofMillis(200),
            Duration.ZERO,
            Duration.ofMillis(10),
            Duration.ofSeconds(10));

    private Generators() {}

    static SnowflakeGenerator wide() {
        return start(builder(TimeSource.system()).layout(WIDE));
    }

    /** A generator that never runs ahead of the clock, once the clock has reached the start of its first window. */
    static SnowflakeGenerator withoutLead(int lanes) {
        SnowflakeGenerator generator = start(builder(TimeSource.system())
                .layout(CLASSIC)
                .lanes(lanes)
                .maxLead(Duration.ZERO)
                .maxWait(Duration.ofSeconds(5)));
        TimeSource.system().parkNanos(SHORT_WINDOWS.ahead().multipliedBy(3).toNanos());
        return generator;
    }

    static SnowflakeGenerator.Builder builder(TimeSource time) {
        LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
        factory.setDirectory(temporaryDirectory().toString());
        return SnowflakeGenerator.builder(factory.open(), "jmh")
                .reservation(SHORT_WINDOWS)
                .timeSource(time);
    }

    /** Makes a directory that is deleted when this process ends. */
    private static Path temporaryDirectory() {
        try {
            Path directory = Files.createTempDirectory("snowline-jmh");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SnowflakeGenerator start(SnowflakeGenerator.Builder builder) {
        SnowflakeGenerator generator = builder.start();
        if (!generator.awaitReady(READY_WITHIN)) {
            throw new IllegalStateException("no ID after " + READY_WITHIN + ": " + generator.status());
        }
        return generator;
    }
}
