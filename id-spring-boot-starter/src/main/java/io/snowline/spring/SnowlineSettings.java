package io.snowline.spring;

import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.coordination.support.Names;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * What the properties below {@code snowline} say, checked. Immutable and thread-safe, except for {@link #coordination}.
 */
final class SnowlineSettings {

    private static final String COORDINATION = SnowlineProperties.PREFIX + ".coordination";
    private static final String TYPE = COORDINATION + ".type";
    private static final String CLIENT_CLASS = "io.snowline.client.SnowlineClient";
    private static final List<String> DEFAULT_NAMESPACE = List.of("default");

    private static final SnowlineProperties.Generator DEFAULTS = new Binder(new MapConfigurationPropertySource())
            .bindOrCreate(SnowlineProperties.PREFIX, SnowlineProperties.Generator.class);

    /** What the block of the coordinator has besides the coordinator's own properties. */
    private record Choice(String type) {}

    private final Environment environment;
    private final SnowlineProperties properties;
    private final List<String> namespaces;

    private SnowlineSettings(Environment environment, SnowlineProperties properties) {
        this.environment = environment;
        this.properties = properties;
        this.namespaces = namespaces(properties);
    }

    /**
     * Reads the properties.
     *
     * @throws SnowlineConfigurationException if one is unknown or wrong, or if they contradict each other
     */
    static SnowlineSettings of(Environment environment) {
        SnowlineSettings settings = new SnowlineSettings(
                environment, new StrictBinder(environment).create(SnowlineProperties.PREFIX, SnowlineProperties.class));
        settings.check();
        return settings;
    }

    private static List<String> namespaces(SnowlineProperties properties) {
        Set<String> all = new LinkedHashSet<>(properties.namespaces());
        all.addAll(properties.generators().keySet());
        return all.isEmpty() ? DEFAULT_NAMESPACE : List.copyOf(all);
    }

    private void check() {
        require(
                Set.copyOf(properties.namespaces()).size()
                        == properties.namespaces().size(),
                "snowline.namespaces must name each namespace once, got " + properties.namespaces());
        namespaces.forEach(namespace -> attempt("namespaces", () -> Names.requireNamespace(namespace)));
        require(
                namespaces.contains(primary()),
                "snowline.primary must be one of the namespaces %s, got '%s'".formatted(namespaces, primary()));
        require(
                !properties.awaitReady().isNegative(),
                "snowline.await-ready must not be negative, got " + properties.awaitReady());
        attempt("reservation", () -> properties.reservation().settings());
        if (takesFromServers()) {
            checkClient();
        }
    }

    private static void attempt(String block, Supplier<?> check) {
        try {
            var unused = check.get();
        } catch (IllegalArgumentException e) {
            throw new SnowlineConfigurationException("snowline.%s: %s".formatted(block, e.getMessage()), e);
        }
    }

    private void checkClient() {
        require(
                properties.coordination().isEmpty() && properties.generators().isEmpty(),
                "only one of snowline.client and snowline.coordination with snowline.generators must be set, got both:"
                        + " the servers know the settings of their namespaces; name those in snowline.namespaces");
        require(
                ClassUtils.isPresent(CLIENT_CLASS, null),
                "snowline.client.servers needs io.snowline:id-client on the class path");
    }

    private static void require(boolean kept, String message) {
        if (!kept) {
            throw new SnowlineConfigurationException(message, null);
        }
    }

    SnowlineProperties properties() {
        return properties;
    }

    /** Returns the namespaces, in the order in which they were named. */
    List<String> namespaces() {
        return namespaces;
    }

    /** Returns the namespace whose generator is injected where none is named. */
    String primary() {
        return properties.primary() == null ? namespaces.get(0) : properties.primary();
    }

    /** Returns the settings of a namespace. */
    SnowlineProperties.Generator generator(String namespace) {
        return properties.generators().getOrDefault(namespace, DEFAULTS);
    }

    /** Tells whether IDs come from servers. */
    boolean takesFromServers() {
        return !properties.client().servers().isEmpty();
    }

    /**
     * Returns a factory of the type that is chosen, with the properties that it has there.
     *
     * @throws SnowlineConfigurationException if there is no such type, a property is unknown, or a setter refuses its value
     */
    NodeCoordinatorFactory coordination() {
        String type = environment.getProperty(TYPE, LocalCoordinatorFactory.TYPE);
        List<NodeCoordinatorFactory> all = coordinatorFactories();
        NodeCoordinatorFactory factory = all.stream()
                .filter(candidate -> candidate.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new SnowlineConfigurationException(
                        "%s must be that of a coordinator on the class path, got '%s'; available: %s"
                                .formatted(
                                        TYPE,
                                        type,
                                        all.stream()
                                                .map(NodeCoordinatorFactory::type)
                                                .sorted()
                                                .toList()),
                        null));
        new StrictBinder(environment).fill(COORDINATION, factory, Choice.class);
        return factory;
    }

    /** Returns a new factory of each type on the class path. */
    static List<NodeCoordinatorFactory> coordinatorFactories() {
        return ServiceLoader.load(NodeCoordinatorFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
