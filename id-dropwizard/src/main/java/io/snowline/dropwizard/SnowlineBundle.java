package io.snowline.dropwizard;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.ConfiguredBundle;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import io.snowline.config.Snowline;
import io.snowline.coordination.LeaseListener;
import io.snowline.id.IdGenerator;
import io.snowline.id.Readiness;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Generators for a Dropwizard application. They start before the application's {@code run}, and give their node ids back
 * after Jetty has ended the requests that were running.
 *
 * <pre>{@code
 * private final SnowlineBundle<MyConfiguration> ids = SnowlineBundle.of(MyConfiguration::getSnowline);
 *
 * public void initialize(Bootstrap<MyConfiguration> bootstrap) {
 *     bootstrap.addBundle(ids);
 * }
 *
 * public void run(MyConfiguration configuration, Environment environment) {
 *     environment.jersey().register(new OrderResource(ids.generator("orders")));
 * }
 * }</pre>
 *
 * <p>It adds the health checks {@code lease-<namespace>}, which are healthy as long as IDs can be issued, and
 * {@code coordinator}, which is always healthy and says how the backend is; the metrics of {@link NamespaceMetric};
 * {@code /nodes} to the administrative port; and the backend's advice to the log. Nothing is added to the application's
 * port.
 *
 * <p>The start waits for up to 3 s for the backend's first answer, and fails with a
 * {@link io.snowline.coordination.NamespaceMismatchException} if a namespace was fixed with other settings. A backend that
 * is away does not make it fail: health says so, and IDs come when it is back.
 *
 * <p>The methods that set something up are not thread-safe, all others are.
 *
 * @param <C> the application's configuration
 */
public final class SnowlineBundle<C extends Configuration> implements ConfiguredBundle<C> {

    private final Function<? super C, SnowlineFactory> factory;
    private Function<String, ? extends LeaseListener> listeners = namespace -> event -> {};
    private Optional<BiConsumer<? super C, ? super RuntimeException>> hopeless = Optional.empty();
    private String application = "";
    private final Map<String, IdGenerator> generators = new LinkedHashMap<>();
    private volatile @Nullable Snowline snowline;

    private SnowlineBundle(Function<? super C, SnowlineFactory> factory) {
        this.factory = factory;
    }

    /**
     * Makes a bundle.
     *
     * @param factory the block of the configuration that has the settings
     */
    public static <C extends Configuration> SnowlineBundle<C> of(Function<? super C, SnowlineFactory> factory) {
        return new SnowlineBundle<>(factory);
    }

    /**
     * Sets who is told of lease events, which are logged and counted in any case.
     *
     * @param value makes a listener for each namespace
     */
    public SnowlineBundle<C> listeners(Function<String, ? extends LeaseListener> value) {
        listeners = value;
        return this;
    }

    /**
     * Sets who is told when a namespace can never be served, instead of a failure of the start, which then waits for
     * nothing.
     *
     * @param value told the reason, until the first lease of the namespace, by the thread that renews it
     */
    public SnowlineBundle<C> whenHopeless(BiConsumer<? super C, ? super RuntimeException> value) {
        hopeless = Optional.of(value);
        return this;
    }

    @Override
    public void initialize(Bootstrap<?> bootstrap) {
        application = bootstrap.getApplication().getName();
    }

    /**
     * Starts the generators.
     *
     * @throws io.snowline.config.InvalidSettingsException if a setting breaks a rule
     * @throws io.snowline.coordination.NamespaceMismatchException if a namespace was fixed with other settings
     * @throws io.snowline.coordination.UnreadableRecordException if a record of a namespace cannot be read
     */
    @Override
    public void run(C configuration, Environment environment) {
        SnowlineFactory settings = factory.apply(configuration);
        Map<String, NamespaceMetrics> metrics = new LinkedHashMap<>();
        Snowline started = Snowline.start(
                settings.blocks(),
                new Snowline.Hooks(
                        application,
                        settings.label(),
                        namespace -> listener(namespace, metrics, environment.metrics()),
                        hopeless.map(told -> cause -> told.accept(configuration, cause))));
        metrics.forEach((namespace, counting) -> {
            IdGenerator ids = started.generator(namespace);
            counting.watch(Objects.requireNonNull(started.settings().get(namespace)), ids);
            generators.put(namespace, new CountedIds(ids, counting));
            environment
                    .healthChecks()
                    .register("lease-" + namespace, new LeaseHealthCheck(() -> Snowline.readiness(ids)));
        });
        snowline = started;
        manage(started, environment);
        administer(started, environment);
    }

    private LeaseListener listener(String namespace, Map<String, NamespaceMetrics> metrics, MetricRegistry registry) {
        NamespaceMetrics counting = new NamespaceMetrics(namespace, registry);
        LeaseListener listener = listeners.apply(namespace);
        metrics.put(namespace, counting);
        return event -> {
            counting.onEvent(event);
            listener.onEvent(event);
        };
    }

    /** Registers what is closed on a stop; Jetty does that in reverse order, after the last request has ended. */
    private static void manage(Snowline started, Environment environment) {
        environment.lifecycle().manage(new AutoCloseableManager(started));
        environment.lifecycle().addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleFailure(LifeCycle event, Throwable cause) {
                started.close(); // Jetty does not stop what never started
            }
        });
        environment.lifecycle().manage(new AutoCloseableManager(AdvisoryLog.start(started.coordinator())));
    }

    private static void administer(Snowline started, Environment environment) {
        environment.healthChecks().register("coordinator", new CoordinatorHealthCheck(started.coordinator()));
        environment
                .admin()
                .addServlet("nodes", new NodesServlet(started::nodes, environment.getObjectMapper()))
                .addMapping("/nodes");
    }

    /**
     * Returns the generator of a namespace; what it issues and refuses is counted.
     *
     * @throws IllegalArgumentException if there is none; the message names those that there are
     * @throws IllegalStateException before the bundle has run
     */
    public IdGenerator generator(String namespace) {
        IdGenerator ids = generators().get(namespace);
        return ids == null ? snowline().generator(namespace) : ids;
    }

    /**
     * Returns the generators by namespace, in the order of the configuration.
     *
     * @throws IllegalStateException before the bundle has run
     */
    public Map<String, IdGenerator> generators() {
        snowline();
        return Collections.unmodifiableMap(generators);
    }

    /**
     * Returns for each namespace whether IDs can be issued, and what is wrong.
     *
     * @throws IllegalStateException before the bundle has run
     */
    public Map<String, Readiness> readiness() {
        return snowline().readiness();
    }

    /**
     * Returns the coordinator, the settings and the generators themselves, whose IDs are not counted.
     *
     * @throws IllegalStateException before the bundle has run
     */
    public Snowline snowline() {
        Snowline started = snowline;
        if (started == null) {
            throw new IllegalStateException("the bundle must have run, which it does before the application's run");
        }
        return started;
    }
}
