package io.snowline.spring;

import io.snowline.coordination.support.RunningNamespaces;
import io.snowline.id.IdGenerator;
import io.snowline.id.Readiness;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The generators of an application. They start when they are made, so that whatever else is made may take IDs, and stop
 * after the web server's graceful shutdown, so that requests in flight get theirs.
 *
 * <p>Thread-safe.
 */
final class Namespaces implements SnowlineNamespaces, SmartLifecycle {

    /** Below the phases in which web servers shut down: what has a lower phase starts earlier and stops later. */
    static final int PHASE = DEFAULT_PHASE - 8 * 1024;

    /** How long a start waits for the backend's first answer, which may be that a namespace has another layout. */
    private static final Duration FIRST_OUTCOME = Duration.ofSeconds(3);

    private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();

    private final ApplicationContext context;
    private final GeneratorSource source;
    private final boolean leases;
    private final Duration awaitReady;
    private final Map<String, NamespaceIds> generators = new LinkedHashMap<>();
    private volatile boolean running;

    /**
     * Starts the generators.
     *
     * @param context the application
     */
    Namespaces(ApplicationContext context, GeneratorSource source, SnowlineSettings settings) {
        this.context = context;
        this.source = source;
        this.leases = !settings.takesFromServers();
        this.awaitReady = settings.properties().awaitReady();
        try {
            settings.namespaces().forEach(namespace -> generators.put(namespace, new NamespaceIds(namespace, source)));
        } catch (RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    /** Returns the generator of a namespace. */
    NamespaceIds generator(String namespace) {
        NamespaceIds generator = generators.get(namespace);
        if (generator == null) {
            throw new IllegalArgumentException(
                    "namespace must be one of %s, got '%s'".formatted(generators.keySet(), namespace));
        }
        return generator;
    }

    @Override
    public Map<String, IdGenerator> generators() {
        Map<String, IdGenerator> beans = new LinkedHashMap<>();
        generators
                .keySet()
                .forEach(namespace ->
                        beans.put(namespace, context.getBean(GeneratorBeans.beanName(namespace), IdGenerator.class)));
        return beans;
    }

    /** Returns all generators, in the order of the properties. */
    List<NamespaceIds> all() {
        return List.copyOf(generators.values());
    }

    @Override
    public Map<String, Readiness> readiness() {
        Map<String, Readiness> all = new LinkedHashMap<>();
        generators.forEach(
                (namespace, ids) -> all.put(namespace, ids.issuing().readiness().get()));
        return all;
    }

    /**
     * Waits until the backend has answered once or was not reached, and then for IDs, if that is configured.
     *
     * @throws io.snowline.coordination.NamespaceMismatchException if a namespace was fixed with other settings
     * @throws SnowlineConfigurationException if there are no IDs within {@code await-ready}
     */
    @Override
    public void start() {
        running = true;
        all().forEach(NamespaceIds::start);
        generators.keySet().forEach(namespace -> RunningNamespaces.started(namespace, source.toString(), name()));
        try {
            requireIds();
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    /** Returns what tells this application from others in messages. */
    private String name() {
        return "%s@%x".formatted(context.getId(), System.identityHashCode(context));
    }

    private void requireIds() {
        if (leases) {
            all().forEach(Namespaces::requireServable);
        }
        if (!awaitReady.isZero()) {
            awaitAll();
        }
    }

    private static void requireServable(NamespaceIds ids) {
        Optional<RuntimeException> mismatch = ids.events().awaitFirstOutcome(FIRST_OUTCOME);
        if (mismatch.isPresent()) {
            throw mismatch.get();
        }
    }

    private void awaitAll() {
        long deadline = System.nanoTime() + awaitReady.toNanos();
        Map<String, Readiness> missing = missing();
        while (!missing.isEmpty()) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw new SnowlineConfigurationException(
                        missing.entrySet().stream()
                                .map(entry ->
                                        "no ID of namespace '%s' could be issued within snowline.await-ready, %s: %s"
                                                .formatted(
                                                        entry.getKey(),
                                                        awaitReady,
                                                        entry.getValue().detail()))
                                .toList(),
                        null);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            missing = missing();
        }
    }

    private Map<String, Readiness> missing() {
        return readiness().entrySet().stream()
                .filter(entry -> !entry.getValue().ready())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Gives the node ids back, all at the same time, because each may wait for a backend that does not answer. */
    @Override
    public void stop() {
        running = false;
        closeAll();
        generators.keySet().forEach(namespace -> RunningNamespaces.stopped(namespace, source.toString(), name()));
    }

    private void closeAll() {
        List<Thread> closing = all().stream()
                .map(ids -> new Thread(ids::close, "snowline-close-" + ids.namespace()))
                .toList();
        closing.forEach(Thread::start);
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stop waiting; the threads finish on their own
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
