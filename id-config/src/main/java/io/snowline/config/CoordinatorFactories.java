package io.snowline.config;

import io.snowline.coordination.NodeCoordinatorFactory;
import java.util.List;
import java.util.ServiceLoader;

/** The coordinator factories on the class path, by {@code type}. */
final class CoordinatorFactories {

    /** The type of the embedded coordinator, which needs no server. */
    static final String EMBEDDED = "local";

    private CoordinatorFactories() {}

    /**
     * Returns a new factory of a type, with its default settings.
     *
     * @throws IllegalArgumentException if there is none of that type; the message lists those that are available
     */
    static NodeCoordinatorFactory ofType(String type) {
        return all().stream()
                .filter(factory -> factory.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "type must be that of a coordinator on the class path, got '%s'; available: %s"
                                .formatted(type, available())));
    }

    /** Returns the types that can be chosen, in alphabetical order. */
    static List<String> available() {
        return all().stream().map(NodeCoordinatorFactory::type).sorted().toList();
    }

    private static List<NodeCoordinatorFactory> all() {
        return ServiceLoader.load(NodeCoordinatorFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
