package io.snowline.server.cli;

import io.dropwizard.core.setup.Bootstrap;
import io.snowline.audit.LayoutArguments;
import io.snowline.id.IdLayout;
import io.snowline.server.config.SnowlineConfiguration;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * A command that prints what follows from a layout: that of one of a file's namespaces, or of the options
 * {@code --layout}, {@code --tick} and {@code --epoch}.
 */
abstract class LayoutCommand extends FileCommand {

    LayoutCommand(String name, String description) {
        super(name, description);
    }

    @Override
    public void configure(Subparser subparser) {
        super.configure(subparser);
        subparser
                .addArgument("--format")
                .setDefault("decimal")
                .help("how IDs are written: decimal, number, hex, base62 or base32");
        Namespaces.addTo(subparser);
        LayoutArguments.addTo(subparser);
    }

    @Override
    protected final void run(
            Bootstrap<SnowlineConfiguration> bootstrap, Namespace arguments, SnowlineConfiguration configuration) {
        IdLayout configured =
                Namespaces.choose(configuration.generators(), arguments).layout();
        try {
            System.out.println(answer(arguments, LayoutArguments.layout(arguments, configured)));
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Returns what is to be printed.
     *
     * @throws IllegalArgumentException if an argument breaks a rule
     */
    abstract String answer(Namespace arguments, IdLayout layout);
}
