package io.snowline.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;

/**
 * Fills in what a YAML leaves out of Dropwizard's own blocks, from {@code server-defaults.yml} next to this class: no
 * log line per request, limits against slow requests, administration on the loopback interface. Settings in the
 * YAML win.
 */
final class ServerDefaults {

    private static final String RESOURCE = "server-defaults.yml";

    private static final Set<String> HTTP = Set.of("http", "https", "h2c", "h2");

    private final ObjectNode defaults;

    /**
     * Reads the defaults.
     *
     * @throws IOException if the resource is missing or broken, which only a broken jar can show
     */
    ServerDefaults(ObjectMapper mapper) throws IOException {
        try (InputStream yaml = Objects.requireNonNull(ServerDefaults.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            defaults = (ObjectNode) mapper.readTree(new YAMLFactory().createParser(yaml));
        }
    }

    private ObjectNode section(String name) {
        return (ObjectNode) defaults.required(name);
    }

    void fillIn(ObjectNode root) {
        merge(section("common"), root);
        if (!(root.get("server") instanceof ObjectNode server)) {
            return;
        }
        merge(section("connectors").path(server.path("type").asText("default")), server);
        for (String key : new String[] {"applicationConnectors", "adminConnectors", "connector"}) {
            fillInConnectors(server.path(key));
        }
        fillInEach(root.path("logging").path("appenders"), "everyAppender");
        root.path("logging").path("loggers").forEach(logger -> fillInEach(logger.path("appenders"), "everyAppender"));
        fillInEach(server.path("requestLog").path("appenders"), "everyAppender");
        fillInEach(server.path("requestLog").path("appenders"), "everyRequestAppender");
    }

    private void fillInEach(JsonNode list, String section) {
        list.forEach(element -> {
            if (element instanceof ObjectNode block) {
                merge(section(section), block);
            }
        });
    }

    private void fillInConnectors(JsonNode connectors) {
        if (connectors instanceof ObjectNode connector
                && HTTP.contains(connector.path("type").asText("http"))) {
            merge(section("everyConnector"), connector);
            if (connector.path("type").asText().equals("https")) {
                merge(section("everyHttpsConnector"), connector);
            }
        } else if (connectors instanceof ArrayNode list) {
            list.forEach(this::fillInConnectors);
        }
    }

    /** Copies what the target lacks, block by block; lists and values are taken as a whole. */
    private static void merge(JsonNode source, ObjectNode target) {
        source.properties().forEach(entry -> {
            JsonNode present = target.get(entry.getKey());
            if (present == null || present.isNull()) {
                target.set(entry.getKey(), entry.getValue().deepCopy());
            } else if (present instanceof ObjectNode block && entry.getValue() instanceof ObjectNode more) {
                merge(more, block);
            }
        });
    }
}
