package io.snowline.audit;

import io.snowline.id.IdLayout;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import net.sourceforge.argparse4j.inf.ArgumentContainer;
import net.sourceforge.argparse4j.inf.Namespace;

/** The arguments of an audit on a command line. Thread-safe. */
public final class AuditArguments {

    private AuditArguments() {}

    /** Adds them to a parser. */
    public static void addTo(ArgumentContainer parser) {
        parser.addArgument("ids")
                .metavar("FILE")
                .nargs("+")
                .help("holds IDs, as text one on each line; - is the standard input");
        parser.addArgument("--format")
                .setDefault("decimal")
                .help("how the IDs are written: decimal, hex, base62, base32, or binary for 8 bytes each, the highest"
                        + " first");
        LayoutArguments.addTo(parser);
        parser.addArgument("--at").help("the time to compare with, such as 2026-11-23T08:00:00Z; by default now");
        parser.addArgument("--temp")
                .setDefault(System.getProperty("java.io.tmpdir"))
                .help("a directory with room for 2 to 14 bytes for each ID");
    }

    /**
     * Makes the audit that they describe.
     *
     * @param layout the layout, as far as no option says otherwise
     * @throws IllegalArgumentException if an option cannot be read, or the layout is not possible
     */
    public static Audit audit(Namespace arguments, IdLayout layout) {
        return new Audit(
                LayoutArguments.layout(arguments, layout),
                IdEncoding.of(arguments.getString("format")),
                Path.of(arguments.getString("temp")),
                Audit.suitableRunSize(),
                LayoutArguments.value(arguments, "at").map(text -> LayoutArguments.instant("--at", text)));
    }

    /**
     * Returns the inputs that they name.
     *
     * @throws IllegalArgumentException if the standard input is named twice
     */
    public static List<Input> inputs(Namespace arguments) {
        List<String> names = arguments.getList("ids");
        if (Collections.frequency(names, "-") > 1) {
            throw new IllegalArgumentException(
                    "- must be given once, because the standard input can be read only once");
        }
        return names.stream()
                .map(name -> name.equals("-") ? Input.standard() : Input.file(name))
                .toList();
    }
}
