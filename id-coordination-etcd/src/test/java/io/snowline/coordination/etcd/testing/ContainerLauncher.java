package io.snowline.coordination.etcd.testing;

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
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;

/**
 * Runs etcd in containers. On Linux they share this machine's network, so that members find each other on loopback, as
 * local processes do; elsewhere the ports are published, which is enough for a single member. Another image that has
 * {@code etcd} on its path can be given with {@code -Dsnowline.test.etcd.image}.
 */
record ContainerLauncher() implements Launcher {

    private static final DockerImageName IMAGE = DockerImageName.parse(
            System.getProperty("snowline.test.etcd.image", "rancher/mirrored-coreos-etcd:v3.5.12"));
    private static final boolean LINUX =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");

    /** Asks in the background: an engine that does not answer, or cannot reach its registry, may take many minutes. */
    static Optional<ContainerLauncher> find(long deadlineSeconds) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Thread asking = new Thread(() -> answer.complete(available()), "docker-availability");
        asking.setDaemon(true);
        asking.start();
        try {
            return answer.get(deadlineSeconds, TimeUnit.SECONDS)
                    ? Optional.of(new ContainerLauncher())
                    : Optional.empty();
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static boolean available() {
        try {
            return DockerClientFactory.instance().isDockerAvailable() && new RemoteDockerImage(IMAGE).get() != null;
        } catch (RuntimeException e) {
            System.out.println("Docker answers, but cannot provide " + IMAGE + ": " + e.getMessage());
            return false;
        }
    }

    @Override
    public ServerProcess launch(List<String> arguments, List<Integer> ports, Path directory) {
        List<String> command = new ArrayList<>(List.of("etcd"));
        arguments.stream()
                .map(argument -> LINUX ? argument : argument.replace("127.0.0.1", "0.0.0.0"))
                .forEach(command::add);
        GenericContainer<?> container = new GenericContainer<>(IMAGE)
                .withCreateContainerCmdModifier(create -> create.withEntrypoint(command)
                        .withCmd(List.of())
                        .withUser(owner(directory))
                        .withWorkingDir(directory.toString())
                        .withHostConfig(hostConfig(ports, directory)));
        container.start();
        return new Container(container);
    }

    private static HostConfig hostConfig(List<Integer> ports, Path directory) {
        HostConfig config = HostConfig.newHostConfig()
                .withBinds(new Bind(directory.toString(), new Volume(directory.toString()), AccessMode.rw));
        if (LINUX) {
            return config.withNetworkMode("host");
        }
        return config.withPortBindings(ports.stream()
                .map(port -> new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port), ExposedPort.tcp(port)))
                .toList());
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
        return "Docker with " + IMAGE;
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
