package io.snowline.server.faults;

import io.snowline.testing.Binaries;
import io.snowline.testing.Commands;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The C compiler of this machine: one on the path, or else Debian's gcc, which is installed if possible. */
final class CCompiler {

    private CCompiler() {}

    /**
     * Compiles a shared library.
     *
     * @throws IllegalStateException if there is no compiler, in which case the message says what to install, or if it
     *     fails
     */
    static void compileLibrary(Path source, Path library) {
        Path compiler = find().or(CCompiler::installed)
                .orElseThrow(() -> new IllegalStateException("no cc, gcc or clang is on the path to compile "
                        + source.getFileName()
                        + ", and gcc could not be installed: sudo apt-get install -y gcc libc6-dev"));
        Commands.run(
                compiler.toString(),
                "-shared",
                "-fPIC",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-o",
                library.toString(),
                source.toString(),
                "-ldl");
    }

    private static Optional<Path> find() {
        return Binaries.find(List.of("cc", "gcc", "clang"));
    }

    private static Optional<Path> installed() {
        Binaries.install("gcc", "libc6-dev");
        return find();
    }
}
