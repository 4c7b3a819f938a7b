package io.snowline.server.cli;

import io.dropwizard.core.setup.Bootstrap;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.id.NodeLine;
import io.snowline.server.config.SnowlineConfiguration;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code nodes [config.yml]}: asks the coordinator which owner holds which node id, and prints a table. */
public final class NodesCommand extends FileCommand {

    private static final String ROW = "%-20s %6s  %-5s  %-24s  %-24s  %s%n";

    /** Makes the command. */
    public NodesCommand() {
        super("nodes", "Asks the coordinator who holds which node id");
    }

    @Override
    protected void run(
            Bootstrap<SnowlineConfiguration> bootstrap, Namespace arguments, SnowlineConfiguration configuration)
            throws Exception {
        List<NodeLine> nodes;
        try (NodeCoordinator coordinator = configuration.openCoordinator()) {
            nodes = configuration.generators().stream()
                    .flatMap(
                            generator -> NodeLine.read(coordinator, generator.namespace(), generator.layout()).stream())
                    .toList();
        }
        System.out.printf(ROW, "NAMESPACE", "NODE", "STATE", "END", "LABEL", "OWNER");
        for (NodeLine node : nodes) {
            System.out.printf(
                    ROW,
                    node.namespace(),
                    node.node(),
                    node.state(),
                    node.end(),
                    node.label(),
                    node.owner() == null ? "-" : node.owner());
        }
    }
}
