package io.snowline.server.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/**
 * A wall clock for servers that can be set while they run. A small library, compiled on demand and preloaded into them,
 * adds the shift to the kernel's time; their monotonic clocks stay right. (libfaketime would change those as well, and
 * makes reading a clock so slow that this would be a fault of its own.)
 *
 * <p>Thread-safe.
 */
final class ShiftedClock {

    private static final String SOURCE = "shifted_clock.c";

    private final Path library;
    private final Path shift;

    private ShiftedClock(Path library, Path shift) {
        this.library = library;
        this.shift = shift;
    }

    /** Makes a clock that is right at first, with its files in a directory. */
    static ShiftedClock in(Path directory) throws IOException {
        Path source = directory.resolve(SOURCE);
        try (InputStream text = ShiftedClock.class.getResourceAsStream(SOURCE)) {
            Files.copy(text, source);
        }
        Path library = directory.resolve("shifted_clock.so");
        CCompiler.compileLibrary(source, library);
        ShiftedClock clock = new ShiftedClock(library, directory.resolve("shift"));
        clock.shift(Duration.ZERO);
        return clock;
    }

    /** Returns the environment variables with which a process has this clock. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "SNOWLINE_CLOCK_SHIFT", shift.toString());
    }

    /** Sets how far the clock is ahead of the right one; a negative one sets it back. */
    void shift(Duration ahead) {
        ByteBuffer nanos = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        nanos.putLong(ahead.toNanos()).flip();
        try (FileChannel file = FileChannel.open(shift, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(nanos, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
