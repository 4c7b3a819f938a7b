package io.snowline.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs on the path, and installs Debian's packages that have them. */
public final class Binaries {

    /** One at a time: apt-get does not wait for another one, and modules are tested in parallel. */
    private static final String APT_LOCK =
            Path.of(System.getProperty("java.io.tmpdir"), "snowline-apt.lock").toString();

    private Binaries() {}

    /** Returns the first of these programs that exists. */
    public static Optional<Path> find(List<String> names) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        List<Path> directories = Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/bin"))
                .filter(text -> !text.isBlank())
                .map(Path::of)
                .toList();
        return names.stream()
                .flatMap(name -> directories.stream().map(directory -> directory.resolve(name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Returns a program on the path, or else one out of Debian's package, which is unpacked and not installed: a service
     * that it has is not started.
     */
    public static Optional<Path> findOrUnpack(String program, String debianPackage) {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"), "snowline-unpacked", debianPackage);
        Path unpacked = directory.resolve("usr/bin").resolve(program);
        Optional<Path> found = find(List.of(program, unpacked.toString()));
        if (found.isPresent() || !Commands.succeeds("apt-get", "--version")) {
            return found;
        }
        System.out.println("Unpacking Debian's " + debianPackage + " for the tests");
        String unpack = "apt-get download -q %s && dpkg -x %s_*.deb .".formatted(debianPackage, debianPackage);
        try {
            Files.createDirectories(directory);
            String script = "cd '%s' && { { %s; } || { %s apt-get update -q && %s; }; }"
                    .formatted(directory, unpack, sudo(), unpack);
            Commands.run("flock", APT_LOCK, "sh", "-c", script);
        } catch (IllegalStateException | IOException e) {
            System.out.println("Unpacking " + debianPackage + " failed: " + e.getMessage());
        }
        return find(List.of(unpacked.toString()));
    }

    private static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static String sudo() {
        return root() ? "" : "sudo -n ";
    }

    /** Installs packages if there is an {@code apt-get} and the right to use it; reports a failure and goes on. */
    public static void install(String... debianPackages) {
        if (!Commands.succeeds("apt-get", "--version") || !(root() || Commands.succeeds("sudo", "-n", "true"))) {
            return;
        }
        String packages = String.join(" ", debianPackages);
        System.out.println("Installing Debian's " + packages + " for the tests");
        String sudo = sudo();
        String install =
                sudo + "env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends " + packages;
        try {
            Commands.run("flock", APT_LOCK, "sh", "-c", sudo + "apt-get update -q && " + install);
        } catch (IllegalStateException e) {
            System.out.println("Installing " + packages + " failed: " + e.getMessage());
        }
    }
}
