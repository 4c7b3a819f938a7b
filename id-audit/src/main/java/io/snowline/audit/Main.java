package io.snowline.audit;

import io.snowline.id.IdLayout;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import net.sourceforge.argparse4j.ArgumentParsers;
import net.sourceforge.argparse4j.helper.HelpScreenException;
import net.sourceforge.argparse4j.inf.ArgumentParser;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import net.sourceforge.argparse4j.inf.Namespace;

/**
 * The audit as a program: {@code Main FILE...}.
 *
 * <p>The exit status is 0 if there are no duplicates, 1 if there are, and 2 if the audit could not be finished.
 */
public final class Main {

    private static final int STATUS_DUPLICATES = 1;
    private static final int STATUS_UNFINISHED = 2;

    private Main() {}

    /** Runs an audit, and ends the process. */
    public static void main(String... arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    /** Runs an audit, and returns the exit status. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        ArgumentParser parser = ArgumentParsers.newFor("audit")
                .build()
                .description(
                        "Looks for duplicates among IDs; the status is 1 if there are any, and 2 if it cannot tell");
        AuditArguments.addTo(parser);
        try {
            Namespace parsed = parser.parseArgs(arguments);
            AuditReport report = AuditArguments.audit(parsed, IdLayout.classic(IdLayout.DEFAULT_EPOCH))
                    .run(AuditArguments.inputs(parsed), err::println);
            out.print(report);
            out.flush();
            if (report.duplicates() > 0) {
                err.println("duplicates found: " + report.duplicates());
                return STATUS_DUPLICATES;
            }
            return 0;
        } catch (HelpScreenException e) {
            return 0; // the parser has printed it
        } catch (ArgumentParserException e) {
            PrintWriter writer = new PrintWriter(err, true, Charset.defaultCharset());
            parser.handleError(e, writer);
            writer.flush();
            return STATUS_UNFINISHED;
        } catch (IllegalArgumentException | AuditException e) {
            err.println(e.getMessage());
            return STATUS_UNFINISHED;
        }
    }
}
