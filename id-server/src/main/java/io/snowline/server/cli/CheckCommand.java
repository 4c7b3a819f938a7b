package io.snowline.server.cli;

import io.dropwizard.core.setup.Bootstrap;
import io.snowline.config.TimeLeft;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.config.ServerAddress;
import io.snowline.server.config.SnowlineConfiguration;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code check [config.yml]}: checks a configuration without asking the backend. */
public final class CheckCommand extends FileCommand {

    /** Makes the command. */
    public CheckCommand() {
        super("check", "Checks a configuration file without asking the backend");
    }

    @Override
    protected void run(
            Bootstrap<SnowlineConfiguration> bootstrap, Namespace arguments, SnowlineConfiguration configuration)
            throws Exception {
        try (NodeCoordinator coordinator = configuration.openCoordinator()) {
            System.out.println(arguments.getString("file") + " is OK: " + coordinator);
        }
        for (GeneratorSettings generator : configuration.generators()) {
            System.out.println(
                    "  %s, %s left; %s".formatted(generator, TimeLeft.of(generator.layout()), generator.tokens()));
        }
        new ServerAddress(configuration.getServerFactory()).doors().forEach(door -> System.out.println("  " + door));
    }
}
