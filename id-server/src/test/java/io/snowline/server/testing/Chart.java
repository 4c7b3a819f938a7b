package io.snowline.server.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Helm chart, rendered with its default values and the release name {@code snowline}. It knows the few actions that
 * charts here use, each {@code if} on a line of its own, and refuses every other.
 *
 * <p>Not thread-safe.
 */
public final class Chart {

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));
    private static final Pattern ACTION = Pattern.compile("\\{\\{-? *(.*?) *-?}}");
    private static final Pattern CONDITION = Pattern.compile(" *\\{\\{- if \\.(\\S+) }}");

    private final Path directory;
    private final ObjectNode root = YAML.createObjectNode();

    /** Reads the values of the chart in a directory. */
    public Chart(Path directory) {
        this.directory = directory;
        root.putObject("Release").put("Name", "snowline").put("Namespace", "default");
        root.set("Values", read(directory.resolve("values.yaml")));
    }

    /** Returns the objects that the chart makes. */
    public List<JsonNode> objects() {
        try (Stream<Path> templates = Files.list(directory.resolve("templates"))) {
            return templates
                    .filter(path -> path.toString().endsWith(".yaml"))
                    .map(this::object)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode object(Path template) {
        try {
            return YAML.readTree(render(Files.readString(template)));
        } catch (IOException e) {
            throw new UncheckedIOException(template.toString(), e);
        }
    }

    private String render(String template) {
        Deque<Boolean> conditions = new ArrayDeque<>();
        return template.lines()
                .filter(line -> keep(line, conditions))
                .map(this::substitute)
                .collect(Collectors.joining("\n"));
    }

    private boolean keep(String line, Deque<Boolean> conditions) {
        Matcher condition = CONDITION.matcher(line);
        if (condition.matches()) {
            conditions.push(!value(condition.group(1)).asText().matches("|false|0"));
            return false;
        }
        if (line.strip().equals("{{- end }}")) {
            conditions.pop();
            return false;
        }
        return !conditions.contains(false);
    }

    private String substitute(String line) {
        return ACTION.matcher(line).replaceAll(action -> Matcher.quoteReplacement(evaluate(action.group(1))));
    }

    private String evaluate(String action) {
        String[] steps = action.split(" *\\| *");
        String path = steps[0].replaceFirst("^toYaml ", "");
        if (!path.matches("\\.(?:Values|Release)\\.[A-Za-z.]+")) {
            throw new IllegalArgumentException("action must be one that this knows, got '" + action + "'");
        }
        JsonNode value = value(path.substring(1));
        String text = steps[0].equals(path) ? value.asText() : write(value);
        for (String step : List.of(steps).subList(1, steps.length)) {
            text = apply(step, text);
        }
        return text;
    }

    private static String apply(String step, String text) {
        if (step.equals("quote")) {
            return '"' + text + '"';
        }
        if (step.equals("sha256sum")) {
            return "0".repeat(63) + "a";
        }
        if (step.startsWith("nindent ")) {
            String margin = "\n" + " ".repeat(Integer.parseInt(step.substring("nindent ".length())));
            return margin + text.strip().replace("\n", margin);
        }
        throw new IllegalArgumentException("step must be one that this knows, got '" + step + "'");
    }

    private JsonNode value(String path) {
        JsonNode value = root.at("/" + path.replace('.', '/'));
        if (value.isMissingNode()) {
            throw new IllegalArgumentException("values.yaml must have '%s', but has not".formatted(path));
        }
        return value;
    }

    private static String write(JsonNode value) {
        try {
            return YAML.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
