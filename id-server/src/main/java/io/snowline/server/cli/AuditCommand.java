package io.snowline.server.cli;

import io.dropwizard.core.setup.Bootstrap;
import io.snowline.audit.Audit;
import io.snowline.audit.AuditArguments;
import io.snowline.audit.AuditReport;
import io.snowline.audit.Input;
import io.snowline.id.IdLayout;
import io.snowline.server.config.ConfigurationSource;
import io.snowline.server.config.SnowlineConfiguration;
import java.util.List;
import net.sourceforge.argparse4j.inf.Argument;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code audit FILE...}: looks for duplicates among IDs in files.
 *
 * <p>The exit status is 0 if there are none, 1 if there are, and 2 if the audit could not be finished.
 */
public final class AuditCommand extends FileCommand {

    /** The name of the command. */
    public static final String NAME = "audit";

    private static final int STATUS_DUPLICATES = 1;
    private static final int STATUS_UNFINISHED = 2;

    /** Makes the command. */
    public AuditCommand() {
        super(NAME, "Looks for duplicates among IDs; the status is 1 if there are any, and 2 if it cannot tell");
    }

    /** Returns the exit status after a failure, which is also how this command reports duplicates. */
    public static int status(Throwable failure) {
        return failure instanceof DuplicatesFoundException ? STATUS_DUPLICATES : STATUS_UNFINISHED;
    }

    @Override
    public void configure(Subparser subparser) {
        super.configure(subparser);
        Namespaces.addTo(subparser);
        AuditArguments.addTo(subparser);
    }

    @Override
    protected Argument addFileArgument(Subparser subparser) {
        return subparser
                .addArgument("--config")
                .dest("file")
                .setDefault(ConfigurationSource.BUILT_IN)
                .help("whose layout and epoch the IDs have; by default the default ones");
    }

    @Override
    protected void run(
            Bootstrap<SnowlineConfiguration> bootstrap, Namespace arguments, SnowlineConfiguration configuration) {
        AuditReport report = audit(arguments, configuration);
        System.out.print(report);
        System.out.flush();
        if (report.duplicates() > 0) {
            throw new DuplicatesFoundException("duplicates found: " + report.duplicates());
        }
    }

    private static AuditReport audit(Namespace arguments, SnowlineConfiguration configuration) {
        IdLayout layout =
                Namespaces.choose(configuration.generators(), arguments).layout();
        Audit audit;
        List<Input> inputs;
        try {
            audit = AuditArguments.audit(arguments, layout);
            inputs = AuditArguments.inputs(arguments);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(String.valueOf(e.getMessage()));
        }
        return audit.run(inputs, System.err::println);
    }
}
