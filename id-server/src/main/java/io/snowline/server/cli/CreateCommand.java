package io.snowline.server.cli;

import io.dropwizard.core.setup.Bootstrap;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceExistsException;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.StoreView;
import io.snowline.id.GeneratorBuilder;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.config.SnowlineConfiguration;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code create [config.yml]}: makes namespaces in the coordinator, on the operator's word that they are new. If one
 * exists, it makes none; one that another process makes in that moment is refused by itself.
 */
public final class CreateCommand extends FileCommand {

    private static final int ATTEMPTS = 3;

    /** Makes the command. */
    public CreateCommand() {
        super(
                "create",
                "Makes namespaces in the coordinator, on your word that no process has issued IDs of them lately");
    }

    @Override
    public void configure(Subparser subparser) {
        super.configure(subparser);
        subparser.addArgument("--namespace").help("the one to make; by default every namespace of the file");
    }

    @Override
    protected void run(
            Bootstrap<SnowlineConfiguration> bootstrap, Namespace arguments, SnowlineConfiguration configuration)
            throws Exception {
        List<GeneratorSettings> namespaces = Namespaces.named(configuration.generators(), arguments);
        try (NodeCoordinator coordinator = configuration.openCoordinator()) {
            namespaces.forEach(namespace -> requireAbsent(namespace.namespace(), coordinator));
            for (GeneratorSettings namespace : namespaces) {
                create(namespace, configuration.reservation(), coordinator);
            }
        }
    }

    private static void requireAbsent(String name, NodeCoordinator coordinator) {
        if (read(name, coordinator).namespace().isPresent()) {
            throw new NamespaceExistsException(
                    "namespace '%s' exists in %s, so none was made; to make another one alone, name it with --namespace"
                            .formatted(name, coordinator));
        }
    }

    /**
     * Reads, with retries: on a busy machine, the first request of a process may take longer than its client allows.
     */
    private static StoreView read(String name, NodeCoordinator coordinator) {
        for (int attempt = 1; ; attempt++) {
            try {
                return coordinator.read(name);
            } catch (CoordinatorUnavailableException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void create(
            GeneratorSettings settings, ReservationSettings reservation, NodeCoordinator coordinator) {
        String name = settings.namespace();
        GeneratorBuilder<?> builder = settings.leased()
                ? SnowflakeGenerator.builder(coordinator, name)
                : RecordedIdGenerator.builder(coordinator, name);
        try {
            builder.layout(settings.layout()).reservation(reservation).create();
        } catch (IllegalStateException e) {
            throw new WrongUsageException(String.valueOf(e.getMessage()));
        }
        System.out.printf(
                "Made %s in %s. You state by this: no process has issued IDs of namespace '%s' within ahead + guard (%s s)%n",
                settings, coordinator, name, seconds(reservation.ahead().plus(reservation.guard())));
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
