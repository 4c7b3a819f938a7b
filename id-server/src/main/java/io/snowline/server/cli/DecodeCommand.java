package io.snowline.server.cli;

import io.dropwizard.core.setup.Bootstrap;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.config.SnowlineConfiguration;
import io.snowline.server.http.IdText;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code decode <id> [config.yml]}: shows what an ID contains, as {@code GET /v1/{namespace}/ids/{id}} does; with a
 * file, by the layout and epoch of one of its namespaces.
 */
public final class DecodeCommand extends FileCommand {

    /** Makes the command. */
    public DecodeCommand() {
        super("decode", "Tells what an ID says, by the default layout or that of a configuration file");
    }

    @Override
    public void configure(Subparser subparser) {
        subparser.addArgument("id").help("the ID");
        super.configure(subparser);
        subparser
                .addArgument("--format")
                .setDefault("decimal")
                .help("how the ID is written: decimal, hex, base62 or base32");
        Namespaces.addTo(subparser);
    }

    @Override
    protected void run(
            Bootstrap<SnowlineConfiguration> bootstrap, Namespace arguments, SnowlineConfiguration configuration) {
        GeneratorSettings generator = Namespaces.choose(configuration.generators(), arguments);
        try {
            System.out.println(
                    IdText.decode(arguments.getString("id"), arguments.getString("format"), generator.layout()));
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(String.valueOf(e.getMessage()));
        }
    }
}
