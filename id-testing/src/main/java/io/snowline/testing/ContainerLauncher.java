package io.snowline.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.LogUtils;

/**
 * Runs a server in containers. On Linux they share this machine's network, so that servers find each other on loopback,
 * as local processes do; elsewhere the ports are published, which is enough for single servers.
 *
 * @param program the server's program, which is on the path of the image
 */
record ContainerLauncher(DockerImageName image, String program) implements Launcher {

    private static final long RUN_DEADLINE_SECONDS = 60;
    private static final boolean LINUX =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");

    /** Asks in the background: an engine that does not answer, or cannot reach its registry, may take many minutes. */
    static Optional<ContainerLauncher> find(DockerImageName image, String program, long deadlineSeconds) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Thread asking = new Thread(() -> answer.complete(available(image)), "docker-availability");
        asking.setDaemon(true);
        asking.start();
        try {
            return answer.get(deadlineSeconds, TimeUnit.SECONDS)
                    ? Optional.of(new ContainerLauncher(image, program))
                    : Optional.empty();
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static boolean available(DockerImageName image) {
        try {
            return DockerClientFactory.instance().isDockerAvailable() && new RemoteDockerImage(image).get() != null;
        } catch (RuntimeException e) {
            System.out.println("Docker answers, but cannot provide " + image + ": " + e.getMessage());
            return false;
        }
    }

    @Override
    public ServerProcess launch(List<String> arguments, List<Integer> ports, Path directory) {
        List<String> command = new ArrayList<>(List.of(program));
        arguments.stream()
                .map(argument -> LINUX ? argument : argument.replace("127.0.0.1", "0.0.0.0"))
                .forEach(command::add);
        GenericContainer<?> container = new GenericContainer<>(image)
                .withCreateContainerCmdModifier(create -> create.withEntrypoint(command)
                        .withCmd(List.of())
                        .withUser(owner(directory))
                        .withWorkingDir(directory.toString())
                        .withHostConfig(hostConfig(arguments, ports, directory)));
        container.start();
        return new Container(container);
    }

    @Override
    public boolean run(List<String> programs, List<String> arguments, Path directory) {
        return programs.stream().anyMatch(each -> runs(each, arguments, directory));
    }

    private boolean runs(String other, List<String> arguments, Path directory) {
        List<String> command = new ArrayList<>(List.of(other));
        command.addAll(arguments);
        DockerClient docker = DockerClientFactory.instance().client();
        String id = docker.createContainerCmd(image.asCanonicalNameString())
                .withEntrypoint(command)
                .withCmd(List.of())
                .withUser(owner(directory))
                .withWorkingDir(directory.toString())
                .withHostConfig(hostConfig(arguments, List.of(), directory))
                .exec()
                .getId();
        try {
            docker.startContainerCmd(id).exec();
            int status = docker.waitContainerCmd(id).start().awaitStatusCode(RUN_DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (status != 0) {
                throw new IllegalStateException("%s in %s ended with %s: %s"
                        .formatted(String.join(" ", command), this, status, LogUtils.getOutput(docker, id)));
            }
            return true;
        } catch (DockerException e) {
            if (String.valueOf(e.getMessage()).contains("executable file not found")) {
                return false;
            }
            throw e;
        } finally {
            docker.removeContainerCmd(id).withForce(true).exec();
        }
    }

    private static HostConfig hostConfig(List<String> arguments, List<Integer> ports, Path directory) {
        Stream<Bind> named = arguments.stream()
                .map(Path::of)
                .filter(path -> path.isAbsolute() && !path.startsWith(directory) && Files.isRegularFile(path))
                .distinct()
                .map(file -> bind(file, AccessMode.ro));
        HostConfig config = HostConfig.newHostConfig()
                .withBinds(Stream.concat(Stream.of(bind(directory, AccessMode.rw)), named)
                        .toList());
        if (LINUX) {
            return config.withNetworkMode("host");
        }
        return config.withPortBindings(ports.stream()
                .map(port -> new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port), ExposedPort.tcp(port)))
                .toList());
    }

    private static Bind bind(Path path, AccessMode mode) {
        return new Bind(path.toString(), new Volume(path.toString()), mode);
    }

    private static String owner(Path directory) {
        try {
            return Files.getAttribute(directory, "unix:uid") + ":" + Files.getAttribute(directory, "unix:gid");
        } catch (IOException | UnsupportedOperationException e) {
            return "0:0";
        }
    }

    @Override
    public String toString() {
        return "Docker with " + image;
    }

    private record Container(GenericContainer<?> container) implements ServerProcess {

        @Override
        public boolean alive() {
            return container.isRunning();
        }

        @Override
        public void kill() {
            if (alive()) {
                container
                        .getDockerClient()
                        .killContainerCmd(container.getContainerId())
                        .exec();
                container.stop();
            }
        }

        @Override
        public void pause() {
            container
                    .getDockerClient()
                    .pauseContainerCmd(container.getContainerId())
                    .exec();
        }

        @Override
        public void resume() {
            if (Boolean.TRUE.equals(
                    container.getCurrentContainerInfo().getState().getPaused())) {
                container
                        .getDockerClient()
                        .unpauseContainerCmd(container.getContainerId())
                        .exec();
            }
        }

        @Override
        public String log() {
            return container.getLogs();
        }
    }
}
