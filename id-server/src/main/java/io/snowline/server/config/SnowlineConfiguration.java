package io.snowline.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.SimpleServerFactory;
import io.snowline.config.Blocks;
import io.snowline.config.CoordinationDeserializer;
import io.snowline.config.InvalidSettingsException;
import io.snowline.config.NamespaceSettings;
import io.snowline.config.Problems;
import io.snowline.config.ReservationConfiguration;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.ReservationSettings;
import io.snowline.server.access.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's YAML, besides Dropwizard's own blocks.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>coordination</td><td>type: local</td><td>the backend: {@code type} chooses it, the other keys are its own</td></tr>
 * <tr><td>reservation</td><td>see {@link ReservationConfiguration}</td><td>how far ahead windows reach</td></tr>
 * <tr><td>limits</td><td>see {@link LimitsConfiguration}</td><td>how much of the server clients may take</td></tr>
 * <tr><td>admin</td><td>see {@link AdminConfiguration}</td><td>who may ask the administrative port</td></tr>
 * <tr><td>compatibility</td><td>none, see {@link CompatibilityConfiguration}</td><td>calls of other ID services that are
 *   answered</td></tr>
 * <tr><td>generators</td><td>one, {@code default}</td><td>by namespace, see {@link GeneratorConfiguration}</td></tr>
 * </table>
 *
 * <p>Not thread-safe.
 */
public final class SnowlineConfiguration extends Configuration {

    @JsonProperty
    @JsonDeserialize(using = CoordinationDeserializer.class)
    private @Nullable NodeCoordinatorFactory coordination;

    @JsonProperty
    private ReservationConfiguration reservation = new ReservationConfiguration();

    @JsonProperty
    private LimitsConfiguration limits = new LimitsConfiguration();

    @JsonProperty
    private CompatibilityConfiguration compatibility = new CompatibilityConfiguration();

    @JsonProperty
    @JsonSetter(nulls = Nulls.SET)
    private @Nullable Map<String, @Nullable GeneratorConfiguration> generators = defaultGenerator();

    private String file = "The configuration";

    private static Map<String, @Nullable GeneratorConfiguration> defaultGenerator() {
        Map<String, @Nullable GeneratorConfiguration> one = new LinkedHashMap<>();
        one.put("default", new GeneratorConfiguration());
        return one;
    }

    /** Remembers where the settings were read from, for messages. */
    void readFrom(String path) {
        file = path;
    }

    /** Returns the blocks that everything has that issues IDs. */
    public Blocks blocks() {
        return Blocks.of(file, coordination, reservation, generators);
    }

    /** Returns the problems, one message each, naming the path in the YAML; empty if there are none. */
    List<String> problems() {
        Problems problems = new Problems();
        blocks().check(problems);
        limits.check(problems.at("limits"));
        if (generators != null) {
            generators.forEach((namespace, entry) ->
                    orDefault(entry).check(problems.at("generators").at(namespace)));
            compatibility.check(generators.keySet(), problems.at("compatibility"));
        }
        new ServerAddress(getServerFactory()).checkCertificates(problems.at("server"));
        problems.at("server")
                .require(
                        !(getServerFactory() instanceof SimpleServerFactory simple)
                                || !new ServerAddress(simple).exposed(),
                        "connector.bindHost must be a loopback address with type simple, since administration is on the"
                                + " same port; to serve other machines, use type default");
        return problems.messages();
    }

    private static GeneratorConfiguration orDefault(@Nullable GeneratorConfiguration entry) {
        return entry == null ? new GeneratorConfiguration() : entry;
    }

    /** Returns who may ask the administrative port. */
    public AdminConfiguration admin() {
        return getAdminFactory() instanceof AdminConfiguration ours ? ours : new AdminConfiguration();
    }

    /** Returns which calls of other ID services are answered. */
    public CompatibilitySettings compatibility() {
        return compatibility.settings();
    }

    /** Returns how much of the server clients may take. */
    public Limits limits() {
        return limits.limits();
    }

    /** Returns how far ahead windows reach. */
    public ReservationSettings reservation() {
        return blocks().reservation();
    }

    /** Returns the generators, in the order of the YAML. */
    public List<GeneratorSettings> generators() {
        return blocks().generators().stream().map(this::settings).toList();
    }

    private GeneratorSettings settings(NamespaceSettings common) {
        return orDefault(generators == null ? null : generators.get(common.namespace()))
                .settings(common);
    }

    /**
     * Opens the coordinator, without talking to the backend, and checks that it offers what the generators need.
     *
     * @throws InvalidConfigurationException if its settings contradict each other, or it lacks what a generator needs
     */
    public NodeCoordinator openCoordinator() throws InvalidConfigurationException {
        try {
            return blocks().openCoordinator();
        } catch (InvalidSettingsException e) {
            throw new InvalidConfigurationException(file, e.problems(), e);
        }
    }
}
