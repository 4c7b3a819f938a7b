package io.snowline.config;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.support.RunningNamespaces;
import io.snowline.id.IdGenerator;
import io.snowline.id.NodeLine;
import io.snowline.id.Readiness;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The generators that a YAML file or a map describes, with the blocks {@code coordination}, {@code reservation} and
 * {@code generators} of the server and their keys, except for those of HTTP calls:
 *
 * <pre>{@code
 * try (Snowline ids = Snowline.open(Path.of("snowline.yml"))) {
 *     long order = ids.generator("orders").nextId();
 * }
 * }</pre>
 *
 * <p>The generators start with it, and end with it. Thread-safe.
 */
public final class Snowline implements AutoCloseable {

    private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);

    private final String application;
    private final NodeCoordinator coordinator;
    private final Map<String, NamespaceSettings> settings = new LinkedHashMap<>();
    private final Map<String, IdGenerator> generators = new LinkedHashMap<>();
    private final Map<String, StartGuard> guards = new LinkedHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * How generators are tied to an application.
     *
     * @param application the application's name, for people
     * @param label this process' name in records; empty for {@code pid@host}
     * @param listeners makes for each namespace what is told of its lease events
     * @param hopeless told the reason why a namespace can never be served, until its first lease, by the thread that
     *     renews; if it is empty, the start waits for the backend's first answer, for up to 3 s, and fails
     */
    public record Hooks(
            String application,
            Optional<String> label,
            Function<String, ? extends LeaseListener> listeners,
            Optional<Consumer<? super RuntimeException>> hopeless) {}

    private Snowline(String application, NodeCoordinator coordinator) {
        this.application = "%s@%x".formatted(application, System.identityHashCode(this));
        this.coordinator = coordinator;
    }

    /**
     * Opens what a YAML file describes. <code>${NAME}</code> and <code>${NAME:-default}</code> in its values are
     * environment variables. Waits for up to 3 s for the backend's first answer; one that is away does not make this fail,
     * and the generators issue when it is back.
     *
     * @throws InvalidSettingsException if the settings break a rule; the message has each problem with its path
     * @throws UncheckedIOException if the file cannot be read
     * @throws NamespaceMismatchException if a namespace was fixed with another layout, epoch or mode; the message has both
     * @throws UnreadableRecordException if a record of a namespace cannot be read
     */
    public static Snowline open(Path file) {
        return start(Documents.read(file), hooks(file.toString()));
    }

    /**
     * Opens what a map describes: blocks are maps, and durations texts such as {@code 30s} or {@link Duration}s. Nothing
     * is put into its values. Otherwise as {@link #open(Path)}.
     *
     * @throws InvalidSettingsException if the settings break a rule; the message has each problem with its path
     * @throws NamespaceMismatchException if a namespace was fixed with another layout, epoch or mode; the message has both
     * @throws UnreadableRecordException if a record of a namespace cannot be read
     */
    public static Snowline open(Map<String, ?> settings) {
        return start(Documents.read(settings), hooks("Snowline"));
    }

    private static Hooks hooks(String application) {
        return new Hooks(application, Optional.empty(), namespace -> event -> {}, Optional.empty());
    }

    /**
     * Starts generators for an application.
     *
     * @throws InvalidSettingsException if the settings break a rule
     * @throws NamespaceMismatchException if nothing else is told of it, and a namespace was fixed with other settings
     * @throws UnreadableRecordException if nothing else is told of it, and a record cannot be read
     */
    public static Snowline start(Blocks blocks, Hooks hooks) {
        blocks.requireValid();
        Snowline started = new Snowline(hooks.application(), blocks.openCoordinator());
        try {
            started.start(blocks, hooks, new Generators(started.coordinator, blocks.reservation(), hooks.label()));
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
        return started;
    }

    private void start(Blocks blocks, Hooks hooks, Generators starting) {
        for (NamespaceSettings each : blocks.generators()) {
            String namespace = each.namespace();
            StartGuard guard = new StartGuard(hooks.hopeless().orElse(cause -> {}));
            LeaseListener listener = hooks.listeners().apply(namespace);
            settings.put(namespace, each);
            guards.put(namespace, guard);
            generators.put(namespace, starting.start(each, event -> {
                listener.onEvent(event);
                guard.onEvent(event);
            }));
            RunningNamespaces.started(namespace, coordinator.toString(), application);
        }
        if (hooks.hopeless().isEmpty()) {
            guards.values().forEach(guard -> guard.await(FIRST_ANSWER));
        }
    }

    /**
     * Returns the generator of a namespace: a {@link SnowflakeGenerator}, or in recorded mode a
     * {@link RecordedIdGenerator}. It is closed with this.
     *
     * @throws IllegalArgumentException if there is none; the message names those that there are
     */
    public IdGenerator generator(String namespace) {
        IdGenerator generator = generators.get(namespace);
        if (generator == null) {
            throw new IllegalArgumentException(
                    "namespace must be one of %s, got '%s'".formatted(generators.keySet(), namespace));
        }
        return generator;
    }

    /** Returns the generators by namespace, in the order of the settings. */
    public Map<String, IdGenerator> generators() {
        return Collections.unmodifiableMap(generators);
    }

    /** Returns the settings by namespace, in their own order. */
    public Map<String, NamespaceSettings> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** Returns for each namespace whether IDs can be issued, and what is wrong. */
    public Map<String, Readiness> readiness() {
        Map<String, Readiness> all = new LinkedHashMap<>();
        generators.forEach((namespace, ids) -> all.put(namespace, readiness(ids)));
        return all;
    }

    /** Returns whether a generator that was started here can issue IDs, and what is wrong. */
    public static Readiness readiness(IdGenerator ids) {
        return ids instanceof SnowflakeGenerator leased
                ? Readiness.of(leased.status())
                : Readiness.of(((RecordedIdGenerator) ids).status());
    }

    /**
     * Reads from the backend which process holds which node id.
     *
     * @throws CoordinatorUnavailableException if the backend did not answer; retrying helps
     * @throws UnreadableRecordException if a record cannot be read
     */
    public List<NodeLine> nodes() {
        return generators.entrySet().stream()
                .flatMap(entry -> NodeLine.read(
                        coordinator, entry.getKey(), entry.getValue().layout())
                        .stream())
                .toList();
    }

    /** Returns the coordinator, for its locks and advisories. It is closed with this. */
    public NodeCoordinator coordinator() {
        return coordinator;
    }

    /**
     * Gives every node id back, all at the same time, because each may wait for a backend that does not answer; then closes
     * the coordinator. Takes a few seconds at most. Closing again has no effect.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closeGenerators();
            coordinator.close();
        }
    }

    private void closeGenerators() {
        List<Thread> closing = generators.entrySet().stream()
                .map(entry -> new Thread(entry.getValue()::close, "snowline-close-" + entry.getKey()))
                .toList();
        closing.forEach(Thread::start);
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stop waiting; the threads finish on their own
        }
        generators.keySet().forEach(name -> RunningNamespaces.stopped(name, coordinator.toString(), application));
    }

    @Override
    public String toString() {
        return "IDs of " + generators.keySet() + " from " + coordinator;
    }
}
