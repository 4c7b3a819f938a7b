package io.snowline.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.SimpleServerFactory;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdLayout;
import io.snowline.server.access.Limits;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Returns the problems, one message each, naming the path in the YAML; empty if there are none. */
    List<String> problems() {
        Problems problems = new Problems();
        Optional<ReservationSettings> windows = problems.at("reservation").attempt(reservation::settings);
        List<GeneratorSettings> checked = checked(problems);
        windows.ifPresent(known -> checked.forEach(
                generator -> suits(generator, known, problems.at("generators").at(generator.namespace()))));
        limits.check(problems.at("limits"));
        if (generators != null) {
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

    private static void suits(GeneratorSettings generator, ReservationSettings windows, Problems problems) {
        IdLayout layout = generator.layout();
        problems.at("layout").attempt(() -> {
            windows.requireSuits(layout.scale().tick());
            return windows;
        });
        problems.attempt(() -> {
            generator.startAbove().ifPresent(id -> layout.requireInReach(id, Instant.now(), windows.ahead()));
            return windows;
        });
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
        return reservation.settings();
    }

    /** Returns the generators, in the order of the YAML. */
    public List<GeneratorSettings> generators() {
        return checked(new Problems());
    }

    /**
     * Opens the coordinator, without talking to the backend, and checks that it offers what the generators need.
     *
     * @throws InvalidConfigurationException if its settings contradict each other, or it lacks what a generator needs
     */
    public NodeCoordinator openCoordinator() throws InvalidConfigurationException {
        NodeCoordinator coordinator;
        try {
            coordinator = coordination().open();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new InvalidConfigurationException(file, List.of("coordination: " + e.getMessage()), e);
        }
        List<String> problems = missingLedgers(coordinator);
        if (!problems.isEmpty()) {
            coordinator.close();
            throw new InvalidConfigurationException(file, problems);
        }
        return coordinator;
    }

    /** Returns the type of the coordinator, as in the YAML. */
    public String coordinatorType() {
        return coordination().type();
    }

    private NodeCoordinatorFactory coordination() {
        return coordination == null ? CoordinatorFactories.ofType(CoordinatorFactories.EMBEDDED) : coordination;
    }

    private List<GeneratorSettings> checked(Problems problems) {
        Problems mine = problems.at("generators");
        List<GeneratorSettings> checked = new ArrayList<>();
        if (generators == null || generators.isEmpty()) {
            mine.add("must name at least one namespace, got none; leave the key out for one named 'default'");
            return checked;
        }
        generators.forEach((namespace, entry) -> Optional.ofNullable(entry)
                .orElseGet(GeneratorConfiguration::new)
                .settings(namespace, mine.at(namespace))
                .ifPresent(checked::add));
        return checked;
    }

    private List<String> missingLedgers(NodeCoordinator coordinator) {
        return generators().stream()
                .filter(generator -> !generator.leased())
                .filter(generator -> generator.recorded().ledger().orElse(false))
                .filter(generator -> coordinator.ledger(generator.namespace()).isEmpty())
                .map(generator ->
                        ("generators.%s.recorded: ledger must be false on %s, which keeps no record per ID (the node"
                                        + " id's mark alone refuses what was issued before), got true")
                                .formatted(generator.namespace(), coordinator))
                .toList();
    }
}
