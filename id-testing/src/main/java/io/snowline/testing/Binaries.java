package io.snowline.testing;

import java.io.File;
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

    /** Installs packages if there is an {@code apt-get} and the right to use it; reports a failure and goes on. */
    public static void install(String... debianPackages) {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!Commands.succeeds("apt-get", "--version") || !(root || Commands.succeeds("sudo", "-n", "true"))) {
            return;
        }
        String packages = String.join(" ", debianPackages);
        System.out.println("Installing Debian's " + packages + " for the tests");
        String sudo = root ? "" : "sudo -n ";
        String install =
                sudo + "env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends " + packages;
        try {
            Commands.run("flock", APT_LOCK, "sh", "-c", sudo + "apt-get update -q && " + install);
        } catch (IllegalStateException e) {
            System.out.println("Installing " + packages + " failed: " + e.getMessage());
        }
    }
}
