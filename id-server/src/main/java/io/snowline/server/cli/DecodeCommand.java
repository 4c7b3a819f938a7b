package io.snowline.server.cli;

import io.snowline.id.IdLayout;
import io.snowline.server.http.IdText;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code decode <id> [config.yml]}: shows what an ID contains, as {@code GET /v1/{namespace}/ids/{id}} does; with a
 * file, by the layout and epoch of one of its namespaces.
 */
public final class DecodeCommand extends LayoutCommand {

    /** Makes the command. */
    public DecodeCommand() {
        super(
                "decode",
                "Tells what an ID says, by the default layout, that of a configuration file, or one of options");
    }

    @Override
    public void configure(Subparser subparser) {
        subparser.addArgument("id").help("the ID");
        super.configure(subparser);
    }

    @Override
    String answer(Namespace arguments, IdLayout layout) {
        return IdText.decode(arguments.getString("id"), arguments.getString("format"), layout);
    }
}
