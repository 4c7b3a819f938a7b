package io.snowline.server.faults;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The C compiler of this machine: one on the path, or else Debian's gcc, which is installed if possible. */
final class CCompiler {

    private static final String APT_LOCK =
            Path.of(System.getProperty("java.io.tmpdir"), "snowline-apt.lock").toString();

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
                        + ", and gcc cannot be installed without root: sudo apt-get install -y gcc"
                        + " libc6-dev"));
        Shell.run(
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
        return Stream.of("cc", "gcc", "clang")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Optional<Path> installed() {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!Shell.succeeds("apt-get", "--version") || !(root || Shell.succeeds("sudo", "-n", "true"))) {
            return Optional.empty();
        }
        System.out.println(
                "No C compiler was found for the tests that set clocks: installing Debian's packages gcc, libc6-dev");
        String sudo = root ? "" : "sudo -n ";
        String install = sudo + "apt-get update -q && " + sudo
                + "env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends gcc libc6-dev";
        Shell.run("flock", APT_LOCK, "sh", "-c", install);
        return find();
    }
}
