package io.snowline.server.cli;

import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.snowline.server.config.ConfigurationSource;
import io.snowline.server.config.SnowlineConfiguration;
import net.sourceforge.argparse4j.inf.Argument;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** {@code server [config.yml]}: serves IDs; without a file, from the local coordinator and to this machine only. */
public final class ServeCommand extends ServerCommand<SnowlineConfiguration> {

    /** Makes the command. */
    public ServeCommand(Application<SnowlineConfiguration> application) {
        super(application, "server", "Serves IDs over HTTP; without a file, from ./id-data and to this machine only");
    }

    @Override
    protected Argument addFileArgument(Subparser subparser) {
        return super.addFileArgument(subparser).setDefault(ConfigurationSource.BUILT_IN);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        ErrorPrinter.tell(cli, failure);
    }
}
