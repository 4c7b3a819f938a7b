package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * Every bug in the table of docs/safety.md has a test that carries its number as a tag and runs in every build, or a reason why
 * there can be none. The tests lie in all modules, so their sources are read.
 */
class PeersBugsTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern TAG = Pattern.compile("@(?:Arch)?Tag\\(\"(T\\d\\d|long)\"\\)");
    private static final Pattern TYPE = Pattern.compile("^(?:public |final |abstract )*class (\\w+)");
    private static final Pattern TEST = Pattern.compile("^    (?:void (\\w+)\\(|static final ArchRule (\\w+))");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (T\\d\\d) \\|.*\\|(.*)\\|$");
    private static final Pattern NAME = Pattern.compile("`(\\w+\\.\\w+)`");

    @Test
    void eachHasATestThatTheDocumentationNamesOrAReasonWhyNot() throws IOException {
        Map<String, Set<String>> tagged = new TreeMap<>();
        for (Path source : sources()) {
            collect(Files.readAllLines(source), tagged);
        }
        tagged.forEach((number, tests) -> System.out.println(number + " " + String.join(", ", tests)));

        Map<String, Set<String>> documented = documented();
        assertThat(documented.keySet())
                .isEqualTo(IntStream.rangeClosed(1, 38)
                        .mapToObj("T%02d"::formatted)
                        .collect(Collectors.toCollection(TreeSet::new)));
        documented.values().removeIf(Set::isEmpty);
        assertThat(documented).isEqualTo(tagged);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.find(
                ROOT, 30, (path, attributes) -> path.toString().matches(".*/src/test/java/.*(Test|IT)\\.java"))) {
            return files.sorted().toList();
        }
    }

    /** Reads a source: tags stand above a class or a test, with nothing but annotations between. */
    private static void collect(List<String> lines, Map<String, Set<String>> tagged) {
        Set<String> tags = new HashSet<>();
        Set<String> ofType = Set.of();
        String type = "";
        for (String line : lines) {
            TAG.matcher(line).results().forEach(tag -> tags.add(tag.group(1)));
            Matcher typeStarts = TYPE.matcher(line);
            Matcher test = TEST.matcher(line);
            if (typeStarts.find()) {
                type = typeStarts.group(1);
                ofType = Set.copyOf(tags);
            } else if (test.find() && !tags.contains("long") && !ofType.contains("long")) {
                String name = type + "." + (test.group(1) == null ? test.group(2) : test.group(1));
                tags.forEach(number ->
                        tagged.computeIfAbsent(number, key -> new TreeSet<>()).add(name));
            }
            if (line.isBlank() || typeStarts.reset().find()) {
                tags.clear();
            }
        }
    }

    /** Returns the tests that the table names; none where it has a reason instead. */
    private static Map<String, Set<String>> documented() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/safety.md")));
        while (row.find()) {
            Set<String> names = NAME.matcher(row.group(2))
                    .results()
                    .map(name -> name.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(!names.isEmpty() || row.group(2).contains("cannot apply"))
                    .as("tests of %s, or why it cannot apply", row.group(1))
                    .isTrue();
            documented.put(row.group(1), names);
        }
        return documented;
    }
}
