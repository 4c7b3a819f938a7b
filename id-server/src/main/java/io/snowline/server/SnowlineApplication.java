package io.snowline.server;

import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.metrics.servlets.AdminServlet;
import io.snowline.config.Snowline;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.dropwizard.SnowlineBundle;
import io.snowline.dropwizard.SnowlineFactory;
import io.snowline.server.access.Access;
import io.snowline.server.admin.AdminGuard;
import io.snowline.server.admin.ConsoleServlet;
import io.snowline.server.admin.ConsoleState;
import io.snowline.server.admin.IdSampler;
import io.snowline.server.admin.Prometheus;
import io.snowline.server.cli.AuditCommand;
import io.snowline.server.cli.CheckCommand;
import io.snowline.server.cli.CreateCommand;
import io.snowline.server.cli.DecodeCommand;
import io.snowline.server.cli.NodesCommand;
import io.snowline.server.cli.RelayoutCommand;
import io.snowline.server.cli.ServeCommand;
import io.snowline.server.cli.TimesCommand;
import io.snowline.server.config.CompatibilitySettings;
import io.snowline.server.config.ConfigurationSource;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.config.ServerAddress;
import io.snowline.server.config.SnowlineConfiguration;
import io.snowline.server.config.SnowlineConfigurationFactory;
import io.snowline.server.connections.CertificateReload;
import io.snowline.server.connections.ConnectionBounds;
import io.snowline.server.http.IdHandler;
import io.snowline.server.http.JsonErrorHandler;
import io.snowline.server.issuing.Issuer;
import io.snowline.server.issuing.Issuers;
import io.snowline.server.issuing.Latencies;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: {@code java -jar id-server.jar server [config.yml]}.
 *
 * <p>Not thread-safe; the objects that it sets up are.
 */
public final class SnowlineApplication extends Application<SnowlineConfiguration> {

    private static final Logger LOG = LoggerFactory.getLogger(SnowlineApplication.class);

    private static final String LARGEST_KEPT_BUFFER = "jdk.nio.maxCachedBufferSize";

    private final IntConsumer exit;
    private final Latencies latencies = new Latencies();
    private final SnowlineBundle<SnowlineConfiguration> bundle = SnowlineBundle.<SnowlineConfiguration>of(
                    SnowlineApplication::factory)
            .listeners(latencies::renewals)
            .whenHopeless(this::giveUp);
    private boolean auditing;

    /** Makes the application; where a command fails, it ends the process. */
    public SnowlineApplication() {
        this(System::exit);
    }

    /**
     * Makes the application.
     *
     * @param exit told the exit status where a command fails
     */
    SnowlineApplication(IntConsumer exit) {
        this.exit = exit;
    }

    /** Runs a command; without arguments, the server with its built-in configuration. */
    public static void main(String... arguments) throws Exception {
        boundBuffers();
        new SnowlineApplication().run(arguments.length == 0 ? new String[] {"server"} : arguments);
    }

    /**
     * Bounds what the JDK keeps outside of the heap: for each thread, a buffer as large as the largest answer that the
     * thread has ever sent. Must come before anything that sends.
     */
    private static void boundBuffers() {
        if (System.getProperty(LARGEST_KEPT_BUFFER) == null) {
            long size = Math.max(64 * 1024, Runtime.getRuntime().maxMemory() / 1024);
            System.setProperty(LARGEST_KEPT_BUFFER, Long.toString(size));
        }
    }

    @Override
    public void run(String... arguments) throws Exception {
        auditing = arguments.length > 0 && arguments[0].equals(AuditCommand.NAME);
        super.run(arguments);
    }

    /** Ends the process with status 1; an audit that could not be finished has a status of its own. */
    @Override
    protected void onFatalError(Throwable failure) {
        exit.accept(auditing ? AuditCommand.status(failure) : 1);
    }

    @Override
    public String getName() {
        return "snowline";
    }

    @Override
    public void initialize(Bootstrap<SnowlineConfiguration> bootstrap) {
        bootstrap.setConfigurationSourceProvider(new ConfigurationSource());
        bootstrap.setConfigurationFactoryFactory(SnowlineConfigurationFactory::new);
        bootstrap.addBundle(bundle);
    }

    private static SnowlineFactory factory(SnowlineConfiguration configuration) {
        return new SnowlineFactory(configuration.blocks(), new ServerAddress(configuration.getServerFactory()).label());
    }

    @Override
    protected void addDefaultCommands(Bootstrap<SnowlineConfiguration> bootstrap) {
        bootstrap.addCommand(new ServeCommand(this));
        bootstrap.addCommand(new CheckCommand());
        bootstrap.addCommand(new CreateCommand());
        bootstrap.addCommand(new DecodeCommand());
        bootstrap.addCommand(new TimesCommand());
        bootstrap.addCommand(new RelayoutCommand());
        bootstrap.addCommand(new NodesCommand());
        bootstrap.addCommand(new AuditCommand());
    }

    @Override
    public void run(SnowlineConfiguration configuration, Environment environment) {
        Snowline snowline = bundle.snowline();
        List<GeneratorSettings> generators = configuration.generators();
        List<Issuer> issuers = Issuers.of(generators, snowline, environment.metrics(), latencies);
        serve(environment, issuers, configuration);
        administer(configuration, environment);
        serveConsole(configuration, environment, snowline.coordinator(), issuers);
        environment
                .lifecycle()
                .addServerLifecycleListener(new StartupBanner(
                        snowline.coordinator(),
                        generators,
                        new ServerAddress(configuration.getServerFactory()).exposed(),
                        environment.getApplicationContext().getContextPath(),
                        environment.getAdminContext().getContextPath()));
    }

    private static void serve(Environment environment, List<Issuer> issuers, SnowlineConfiguration configuration) {
        Access access = new Access(configuration.limits(), System::nanoTime);
        ConnectionBounds bounds = new ConnectionBounds(configuration.limits(), environment.metrics());
        CertificateReload certificates =
                new CertificateReload(new ServerAddress(configuration.getServerFactory()).certificates());
        String context = environment.getApplicationContext().getContextPath();
        CompatibilitySettings compatibility = configuration.compatibility();
        IdHandler handler = new IdHandler(context, issuers, access, compatibility);
        environment.lifecycle().addEventListener(new JettySetup(handler, server -> {
            bounds.apply(server);
            certificates.apply(server);
            compatibility
                    .tinyId()
                    .ifPresent(calls -> QuerylessLog.apply(
                            server, (context.equals("/") ? "" : context) + calls.context() + "/id/"));
        }));
        environment.lifecycle().manage(new Refresher(List.of(access::refresh, bounds, certificates)));
        environment.jersey().disable(); // it has nothing to serve
        environment.getApplicationContext().setErrorHandler(new JsonErrorHandler());
    }

    private void administer(SnowlineConfiguration configuration, Environment environment) {
        environment
                .admin()
                .addServlet("prometheus", Prometheus.servlet(environment.metrics(), latencies))
                .addMapping("/prometheus");
        AdminGuard guard = new AdminGuard(
                configuration.admin().hosts(), configuration.admin().serveTasks());
        environment
                .admin()
                .addFilter("guard", guard)
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        environment.getAdminContext().setInitParameter(AdminServlet.CPU_PROFILE_ENABLED_PARAM_KEY, "false");
        environment.getAdminContext().setErrorHandler(new JsonErrorHandler());
    }

    private static void serveConsole(
            SnowlineConfiguration configuration,
            Environment environment,
            NodeCoordinator coordinator,
            List<Issuer> issuers) {
        AtomicReference<String> url = new AtomicReference<>("");
        String context = environment.getApplicationContext().getContextPath();
        environment
                .lifecycle()
                .addServerLifecycleListener(
                        server -> url.set(StartupBanner.url(server) + (context.equals("/") ? "" : context)));
        String label =
                new ServerAddress(configuration.getServerFactory()).label().orElse("");
        Supplier<ConsoleState> state = () -> new ConsoleState(
                label,
                configuration.blocks().coordinatorType(),
                coordinator.toString(),
                url.get(),
                configuration.reservation().ahead().toMillis() / 1000.0,
                issuers.stream()
                        .map(Issuer::settings)
                        .map(ConsoleState.Namespace::of)
                        .toList());
        environment
                .admin()
                .addServlet("console", new ConsoleServlet(state, new IdSampler(issuers), environment.getObjectMapper()))
                .addMapping("/console/*");
    }

    /** Ends the process, on a separate thread: the one that noticed must stay free to release what it holds. */
    private void giveUp(SnowlineConfiguration configuration, Throwable cause) {
        new Thread(
                        () -> {
                            LOG.error(
                                    "The server ends, because it can never serve this configuration: {}",
                                    cause.getMessage());
                            configuration.getLoggingFactory().stop(); // writes what is still in its queues
                            onFatalError(cause);
                        },
                        "snowline-fatal")
                .start();
    }
}
