package io.snowline.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdLayout;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of settings that everything needs that issues IDs.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>coordination</td><td>type: local</td><td>the backend: {@code type} chooses it, the other keys are its own</td></tr>
 * <tr><td>reservation</td><td>see {@link ReservationConfiguration}</td><td>how far ahead windows reach</td></tr>
 * <tr><td>generators</td><td>one, {@code default}</td><td>by namespace, see {@link NamespaceConfiguration}</td></tr>
 * </table>
 *
 * <p>Not thread-safe.
 */
public final class Blocks {

    static final ObjectMapper MAPPER = SettingsModule.reader(new ObjectMapper());

    @JsonProperty
    @JsonDeserialize(using = CoordinationDeserializer.class)
    private @Nullable NodeCoordinatorFactory coordination;

    @JsonProperty
    private ReservationConfiguration reservation = new ReservationConfiguration();

    @JsonProperty
    @JsonSetter(nulls = Nulls.SET)
    private @Nullable Map<String, @Nullable NamespaceConfiguration> generators = defaultGenerator();

    private String where = "The configuration";

    /** Makes blocks with the default settings: one namespace, {@code default}, on the local coordinator. */
    public Blocks() {}

    private static Map<String, @Nullable NamespaceConfiguration> defaultGenerator() {
        Map<String, @Nullable NamespaceConfiguration> one = new LinkedHashMap<>();
        one.put("default", new NamespaceConfiguration());
        return one;
    }

    /**
     * Makes blocks of what has been read.
     *
     * @param where what has the settings, such as a file, for messages
     * @param coordination chooses the backend; null for the local coordinator
     * @param generators entries by namespace, of which null stands for the default settings; null if the key has no value
     */
    public static Blocks of(
            String where,
            @Nullable NodeCoordinatorFactory coordination,
            ReservationConfiguration reservation,
            @Nullable Map<String, ? extends @Nullable NamespaceConfiguration> generators) {
        Blocks blocks = new Blocks();
        blocks.where = where;
        blocks.coordination = coordination;
        blocks.reservation = reservation;
        blocks.generators = generators == null ? null : new LinkedHashMap<>(generators);
        return blocks;
    }

    /**
     * Reads blocks out of a document, whatever mapper has parsed that. Only what one key says is checked; {@link #check}
     * does the rest.
     *
     * @throws JsonMappingException if a key is unknown or a value is none; the message has neither secrets nor the words
     *     of Java
     */
    public static Blocks read(JsonNode document) throws JsonMappingException {
        Problems problems = new Problems();
        SecretKeys.check(document, problems);
        if (!problems.messages().isEmpty()) {
            throw new JsonMappingException(null, String.join("; ", problems.messages()));
        }
        try {
            return MAPPER.treeToValue(document, Blocks.class);
        } catch (JsonMappingException e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document that was parsed must be readable", e);
        }
    }

    /** Remembers where the settings were read from, for messages. */
    void readFrom(String source) {
        where = source;
    }

    /** Adds the problems, naming the path of each. */
    public void check(Problems problems) {
        Optional<ReservationSettings> windows = problems.at("reservation").attempt(reservation::settings);
        List<NamespaceSettings> checked = checked(problems);
        windows.ifPresent(known -> checked.forEach(
                generator -> suits(generator, known, problems.at("generators").at(generator.namespace()))));
    }

    private static void suits(NamespaceSettings generator, ReservationSettings windows, Problems problems) {
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

    private List<NamespaceSettings> checked(Problems problems) {
        Problems mine = problems.at("generators");
        List<NamespaceSettings> checked = new ArrayList<>();
        if (generators == null || generators.isEmpty()) {
            mine.add("must name at least one namespace, got none; leave the key out for one named 'default'");
            return checked;
        }
        generators.forEach((namespace, entry) -> Optional.ofNullable(entry)
                .orElseGet(NamespaceConfiguration::new)
                .settings(namespace, mine.at(namespace))
                .ifPresent(checked::add));
        return checked;
    }

    /**
     * Makes sure that there are no problems.
     *
     * @throws InvalidSettingsException if there are
     */
    public void requireValid() {
        Problems problems = new Problems();
        check(problems);
        InvalidSettingsException.requireNone(where, problems.messages());
    }

    /** Returns how far ahead windows reach. */
    public ReservationSettings reservation() {
        return reservation.settings();
    }

    /** Returns the generators, in the order of the document. */
    public List<NamespaceSettings> generators() {
        return checked(new Problems());
    }

    /** Returns the type of the coordinator, as in the document. */
    public String coordinatorType() {
        return coordination().type();
    }

    /**
     * Opens the coordinator, without talking to the backend, and checks that it offers what the generators need.
     *
     * @throws InvalidSettingsException if its settings contradict each other, or it lacks what a generator needs
     */
    public NodeCoordinator openCoordinator() {
        NodeCoordinator coordinator;
        try {
            coordinator = coordination().open();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new InvalidSettingsException(where, List.of("coordination: " + e.getMessage()), e);
        }
        List<String> problems = missingLedgers(coordinator);
        if (!problems.isEmpty()) {
            coordinator.close();
        }
        InvalidSettingsException.requireNone(where, problems);
        return coordinator;
    }

    private NodeCoordinatorFactory coordination() {
        return coordination == null ? CoordinatorFactories.ofType(CoordinatorFactories.EMBEDDED) : coordination;
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
