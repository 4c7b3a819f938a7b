package io.snowline.server.cli;

import io.snowline.server.config.GeneratorSettings;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** The option that names one of a configuration's namespaces. */
final class Namespaces {

    private Namespaces() {}

    /** Adds the option to a command for one namespace. */
    static void addTo(Subparser subparser) {
        subparser.addArgument("--namespace").help("whose layout and epoch it has; by default the file's first");
    }

    /** Returns the namespace that the option names; by default the first. */
    static GeneratorSettings choose(List<GeneratorSettings> generators, Namespace arguments) {
        return named(generators, arguments).get(0);
    }

    /**
     * Returns the namespace that the option names; by default all.
     *
     * @throws WrongUsageException if there is none with that name
     */
    static List<GeneratorSettings> named(List<GeneratorSettings> generators, Namespace arguments) {
        @Nullable String name = arguments.getString("namespace");
        if (name == null) {
            return generators;
        }
        return generators.stream()
                .filter(generator -> generator.namespace().equals(name))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new WrongUsageException("--namespace must be one of %s, got '%s'"
                        .formatted(
                                generators.stream()
                                        .map(GeneratorSettings::namespace)
                                        .toList(),
                                name)));
    }
}
