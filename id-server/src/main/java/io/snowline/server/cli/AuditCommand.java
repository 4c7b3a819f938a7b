package io.snowline.server.cli;

import io.dropwizard.core.setup.Bootstrap;
import io.snowline.server.audit.Audit;
import io.snowline.server.audit.AuditReport;
import io.snowline.server.audit.IdEncoding;
import io.snowline.server.audit.Input;
import io.snowline.server.config.ConfigurationSource;
import io.snowline.server.config.SnowlineConfiguration;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
        subparser
                .addArgument("ids")
                .metavar("FILE")
                .nargs("+")
                .help("holds IDs, as text one on each line; - is the standard input");
        subparser
                .addArgument("--format")
                .setDefault("decimal")
                .help("how the IDs are written: decimal, hex, base62, base32, or binary for 8 bytes each, the highest"
                        + " first");
        Namespaces.addTo(subparser);
        LayoutOptions.addTo(subparser);
        subparser.addArgument("--at").help("the time to compare with, such as 2026-11-23T08:00:00Z; by default now");
        subparser
                .addArgument("--temp")
                .setDefault(System.getProperty("java.io.tmpdir"))
                .help("a directory with room for 2 to 10 bytes for each ID");
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
        AuditReport report = audit(arguments, configuration).run(inputs(arguments.getList("ids")));
        System.out.print(report);
        System.out.flush();
        if (report.duplicates() > 0) {
            throw new DuplicatesFoundException("duplicates found: " + report.duplicates());
        }
    }

    private static Audit audit(Namespace arguments, SnowlineConfiguration configuration) {
        return new Audit(
                LayoutOptions.apply(
                        arguments,
                        Namespaces.choose(configuration.generators(), arguments).layout()),
                encoding(arguments.getString("format")),
                Path.of(arguments.getString("temp")),
                Audit.suitableRunSize(),
                Optional.ofNullable(arguments.getString("at")).map(AuditCommand::at));
    }

    private static Instant at(String text) {
        return LayoutOptions.instant("--at", text);
    }

    private static IdEncoding encoding(String format) {
        try {
            return IdEncoding.of(format);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(String.valueOf(e.getMessage()));
        }
    }

    private static List<Input> inputs(List<String> names) {
        if (Collections.frequency(names, "-") > 1) {
            throw new WrongUsageException("- must be given once, because the standard input can be read only once");
        }
        return names.stream()
                .map(name -> name.equals("-") ? Input.standard() : Input.file(name))
                .toList();
    }
}
