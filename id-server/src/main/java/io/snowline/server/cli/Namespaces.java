package io.snowline.server.cli;

import io.snowline.server.config.GeneratorSettings;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** The option that names one of a configuration's namespaces. */
final class Namespaces {

    private Namespaces() {}

    static void addTo(Subparser subparser) {
        subparser.addArgument("--namespace").help("whose layout and epoch it has; by default the file's first");
    }

    static GeneratorSettings choose(List<GeneratorSettings> generators, Namespace arguments) {
        @Nullable String name = arguments.getString("namespace");
        if (name == null) {
            return generators.get(0);
        }
        return generators.stream()
                .filter(generator -> generator.namespace().equals(name))
                .findFirst()
                .orElseThrow(() -> new WrongUsageException("--namespace must be one of %s, got '%s'"
                        .formatted(
                                generators.stream()
                                        .map(GeneratorSettings::namespace)
                                        .toList(),
                                name)));
    }
}
