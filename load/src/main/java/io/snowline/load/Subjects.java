package io.snowline.load;

import static io.snowline.load.Rounds.tell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The servers that are compared, each started as its users would start it. */
final class Subjects {

    private final Path directory;
    private final Path root = Path.of(System.getProperty("snowline.root", "")).toAbsolutePath();

    private final boolean profiled;

    /**
     * Makes them.
     *
     * @param directory where they leave their files
     * @param profiled whether to make a flight recording of ours
     */
    Subjects(Path directory, boolean profiled) {
        this.directory = directory;
        this.profiled = profiled;
    }

    Path directory() {
        return directory;
    }

    /** Starts ours on the local coordinator, with the README's command. */
    Server ours(String name, int lanes) throws IOException, InterruptedException {
        Path data = directory.resolve(name + "-data");
        String yaml = "coordination: {type: local, directory: '%s'}\ngenerators: {default: {lanes: %d}}\n"
                .formatted(data, lanes);
        return ours(name, yaml, "/v1/default/id");
    }

    /** Starts ours on a configuration that has no {@code server} block. */
    Server ours(String name, String yaml, String path) throws IOException, InterruptedException {
        int port = Server.freePort();
        Path configuration = directory.resolve(name + ".yml");
        Files.writeString(
                configuration,
                yaml
                        + """

                        server:
                          applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                          adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
                        logging: {level: WARN}
                        """
                                .formatted(port));
        List<String> command = List.of(root.resolve("serve").toString(), configuration.toString());
        return Server.start(command, environment(name), port, path, directory.resolve(name + ".log"));
    }

    private Map<String, String> environment(String name) {
        String home = System.getProperty("java.home");
        if (!profiled) {
            return Map.of("JAVA_HOME", home);
        }
        Path recording = directory.resolve(name + ".jfr");
        tell("the profile will be %s: read it with jfr view hot-methods, or in JDK Mission Control", recording);
        String options = "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording;
        return Map.of("JAVA_HOME", home, "JAVA_OPTS", options);
    }

    /** Returns the command that starts a ZooKeeper server, of which our jar has only the part that the client uses. */
    List<String> zooKeeper(int port, Path data) {
        return Server.java(
                "-Dzookeeper.admin.enableServer=false",
                "-cp",
                root.resolve("id-server/target/id-server.jar") + ":" + root.resolve("load/target/bare-dropwizard.jar"),
                "org.apache.zookeeper.server.ZooKeeperServerMain",
                Integer.toString(port),
                data.toString());
    }

    /** Starts a bare Dropwizard with the JDK's default flags. */
    Server bare() throws IOException, InterruptedException {
        int port = Server.freePort();
        List<String> command = Server.java(
                "-Ddw.server.applicationConnectors[0].port=" + port,
                "-jar",
                root.resolve("load/target/bare-dropwizard.jar").toString());
        return Server.start(command, Map.of(), port, "/id", directory.resolve("bare.log"));
    }
}
