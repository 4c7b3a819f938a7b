package io.snowline.server.endtoend;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * A separate program that issues IDs on every backend at the same time; it finds them by ServiceLoader, as an
 * application would.
 */
final class AllBackends {

    private static final int COUNT = 40_000;

    private AllBackends() {}

    /** Arguments: the local directory, the Redis URI, ZooKeeper's connect string and etcd's endpoint. */
    public static void main(String... arguments) throws Exception {
        Map<String, Map<String, Object>> settings = Map.of(
                "local", Map.of("directory", arguments[0]),
                "redis", Map.of("uri", arguments[1]),
                "zookeeper", Map.of("connectString", arguments[2]),
                "etcd", Map.of("endpoints", List.of(arguments[3])));
        int backends = 0;
        List<NodeCoordinator> open = settings.entrySet().stream()
                .map(entry -> open(entry.getKey(), entry.getValue()))
                .toList();
        List<SnowflakeGenerator> generators = open.stream()
                .map(coordinator -> SnowflakeGenerator.builder(coordinator, "all")
                        .maxLead(Duration.ofMinutes(1))
                        .maxWait(Duration.ofSeconds(20))
                        .start())
                .toList();
        for (SnowflakeGenerator ids : generators) {
            if (!ids.awaitReady(Duration.ofSeconds(30))) {
                throw new IllegalStateException("no IDs: " + ids.status());
            }
            long[] batch = new long[COUNT];
            ids.nextIds(batch);
            if (Arrays.stream(batch).distinct().count() != COUNT) {
                throw new IllegalStateException("an ID is there twice");
            }
            backends++;
        }
        generators.forEach(SnowflakeGenerator::close);
        open.forEach(NodeCoordinator::close);
        System.out.printf("%d backends, %d IDs each, none twice%n", backends, COUNT);
    }

    private static NodeCoordinator open(String type, Map<String, Object> settings) {
        NodeCoordinatorFactory factory = ServiceLoader.load(NodeCoordinatorFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.type().equals(type))
                .findFirst()
                .orElseThrow();
        try {
            return new ObjectMapper()
                    .readerForUpdating(factory)
                    .<NodeCoordinatorFactory>readValue(new ObjectMapper().writeValueAsString(settings))
                    .open();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
