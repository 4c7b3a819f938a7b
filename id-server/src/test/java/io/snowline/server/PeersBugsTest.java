package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every bug in the table of docs/safety.md has tests that carry its number as a tag and run in every build, or a reason
 * why there can be none. Those tests are spread over all modules, so this test reads their sources.
 */
class PeersBugsTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern TAG = Pattern.compile("@(?:Arch)?Tag\\(\"(T\\d\\d|long)\"\\)");
    private static final Pattern TYPE = Pattern.compile("^(?:public |final |abstract )*class (\\w+)");
    private static final Pattern TEST = Pattern.compile("^    (?:void|static final ArchRule) (\\w+)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (T\\d\\d) \\|.*\\| (.*) \\|$");

    @Test
    void eachHasTestsAsDocumentedOrAReasonWhyNot() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(ROOT.resolve("docs/safety.md")));
        rows.results().forEach(row -> documented.put(row.group(1), row.group(2)));
        assertThat(documented.keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 38)
                        .mapToObj("T%02d"::formatted)
                        .toList());

        Map<String, Set<String>> tests = new TreeMap<>();
        for (Path file : sources()) {
            collect(Files.readAllLines(file), tests);
        }
        tests.forEach((number, names) -> System.out.println(number + " " + list(names)));
        documented.values().removeIf(reason -> reason.matches("cannot apply: .+"));
        assertThat(tests.keySet()).isEqualTo(documented.keySet());
        assertThat(tests).allSatisfy((number, names) -> assertThat(list(names)).isEqualTo(documented.get(number)));
    }

    /** Reads only the sources of each module: other files next to them change while other modules are built. */
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(ROOT)) {
            for (Path module : modules) {
                Path tests = module.resolve("src/test/java");
                if (Files.isDirectory(tests)) {
                    try (Stream<Path> files = Files.walk(tests)) {
                        files.filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
                                .forEach(sources::add);
                    }
                }
            }
        }
        return sources;
    }

    private static String list(Set<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    /** Tags stand above a test or its class, with nothing but annotations in between. */
    private static void collect(Iterable<String> lines, Map<String, Set<String>> tests) {
        Set<String> tags = new HashSet<>();
        String type = "";
        for (String line : lines) {
            TAG.matcher(line).results().forEach(tag -> tags.add(tag.group(1)));
            Matcher header = TYPE.matcher(line);
            Matcher test = TEST.matcher(line);
            if (header.find() && tags.contains("long")) {
                return; // not in every build
            } else if (header.reset().find()) {
                type = header.group(1) + ".";
            } else if (test.find() && !tags.contains("long")) {
                for (String number : tags) {
                    tests.computeIfAbsent(number, key -> new TreeSet<>()).add(type + test.group(1));
                }
            }
            if (line.isBlank()) {
                tags.clear();
            }
        }
    }
}
