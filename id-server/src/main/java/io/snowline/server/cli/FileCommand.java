package io.snowline.server.cli;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.snowline.server.config.ConfigurationSource;
import io.snowline.server.config.SnowlineConfiguration;
import net.sourceforge.argparse4j.inf.Argument;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** A command that reads a configuration, does its work, and ends. */
abstract class FileCommand extends ConfiguredCommand<SnowlineConfiguration> {

    FileCommand(String name, String description) {
        super(name, description);
    }

    @Override
    protected final Class<SnowlineConfiguration> getConfigurationClass() {
        return SnowlineConfiguration.class;
    }

    @Override
    protected Argument addFileArgument(Subparser subparser) {
        return super.addFileArgument(subparser).setDefault(ConfigurationSource.BUILT_IN);
    }

    @Override
    public final void onError(Cli cli, Namespace namespace, Throwable failure) {
        ErrorPrinter.tell(cli, failure);
    }
}
