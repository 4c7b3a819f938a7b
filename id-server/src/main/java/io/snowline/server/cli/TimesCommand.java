package io.snowline.server.cli;

import io.snowline.id.IdLayout;
import io.snowline.server.http.IdText;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code times <from> <to> [config.yml]}: shows the smallest and the largest ID of a stretch of time, as
 * {@code GET /v1/{namespace}/times} does.
 */
public final class TimesCommand extends LayoutCommand {

    /** Makes the command. */
    public TimesCommand() {
        super("times", "Tells the smallest and the largest ID of a stretch of time, for queries by ID");
    }

    @Override
    public void configure(Subparser subparser) {
        subparser.addArgument("from").help("an instant such as 2026-11-23T08:00:00Z");
        subparser.addArgument("to").help("an instant that is not before it; IDs of its tick belong to the stretch");
        super.configure(subparser);
    }

    @Override
    String answer(Namespace arguments, IdLayout layout) {
        return IdText.times(
                arguments.getString("from"), arguments.getString("to"), arguments.getString("format"), layout);
    }
}
