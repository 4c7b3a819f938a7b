package io.snowline.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.snowline.server.testing.RunningServer;
import io.snowline.testing.Binaries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics, rules, dashboard and documentation tell of the same things, and Prometheus' own tool has no complaint. */
class MonitoringTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path RULES = ROOT.resolve("deploy/prometheus/alerts.yml");
    private static final Path RULES_TEST = ROOT.resolve("deploy/prometheus/alerts_test.yml");
    private static final Path DASHBOARD = ROOT.resolve("deploy/grafana/snowline.json");
    private static final Path OPERATIONS = ROOT.resolve("docs/operations.md");
    private static final Pattern METRIC = Pattern.compile("\\b(?:snowline|jvm|process)_[a-z0-9_]*[a-z0-9]\\b");
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @TempDir
    private static Path directory;

    /** What a server shows to Prometheus that issues in both modes, to clients with tokens too. */
    private static String shown;

    @BeforeAll
    static void look() throws Exception {
        String yaml =
                """
                generators:
                  orders: {tokens: ["billing: %s"]}
                  invoices: {mode: recorded}
                """
                        .formatted(TOKEN);
        try (RunningServer server = RunningServer.start(directory, yaml)) {
            assertThat(server.get("/v1/orders/id", "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .isEqualTo(200);
            shown = server.admin("/prometheus").body();
        }
    }

    @AfterAll
    static void forget() {
        shown = "";
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> families() {
        return Pattern.compile("(?m)^# TYPE (\\S+) ")
                .matcher(shown)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void eachMetricThatIsNamedSomewhereIsThere() throws IOException {
        Set<String> there = families();
        there.addAll(all(METRIC, shown));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> deploy = Files.walk(ROOT.resolve("deploy"))) {
            List<Path> texts = Stream.concat(docs, deploy)
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".png"))
                    .toList();
            assertThat(texts).contains(OPERATIONS, RULES, RULES_TEST, DASHBOARD);
            for (Path text : texts) {
                assertThat(all(METRIC, Files.readString(text)))
                        .as(text.toString())
                        .isSubsetOf(there);
            }
        }
    }

    @Test
    void eachMetricOfOursIsDocumentedAndHasAnExplanation() throws IOException {
        String operations = Files.readString(OPERATIONS);
        for (String family : families()) {
            assertThat(shown).contains("# HELP " + family + " ");
            if (family.startsWith("snowline_")) {
                assertThat(operations).contains(family);
            }
        }
    }

    @Test
    void theDashboardShowsEachOfOurs() throws IOException {
        Set<String> asked = all(METRIC, Files.readString(DASHBOARD));

        assertThat(families().stream().filter(family -> family.startsWith("snowline_")))
                .allMatch(family -> asked.stream().anyMatch(name -> name.startsWith(family)));
    }

    @Test
    void eachAlertIsDocumentedWithItsExpressionAndTested() throws IOException {
        String operations = Files.readString(OPERATIONS);
        String tests = Files.readString(RULES_TEST);
        for (JsonNode rule : YAML.readTree(RULES.toFile()).at("/groups/0/rules")) {
            String name = rule.get("alert").asText();
            String row = "| `%s` | `%s` | %s |"
                    .formatted(
                            name,
                            rule.get("expr").asText().replace("|", "\\|"),
                            rule.path("for").asText("–"));
            assertThat(operations).contains(row);
            assertThat(tests).contains("alertname: " + name + "}").contains("alertname: " + name + "\n");
            assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
            assertThat(rule.at("/annotations/summary").asText()).isNotEmpty();
            assertThat(headings(rule.at("/annotations/runbook_url").asText())).isNotEmpty();
        }
    }

    /** Returns the headings that a link into the documentation points to. */
    private static List<String> headings(String link) throws IOException {
        Matcher parts = Pattern.compile(".*/(docs/[a-z.]+)#(.+)").matcher(link);
        assertThat(parts.matches()).as(link).isTrue();
        return Files.readAllLines(ROOT.resolve(parts.group(1))).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
                .filter(parts.group(2)::equals)
                .toList();
    }

    @Test
    void promtoolFindsNothingInTheMetrics() throws Exception {
        assertThat(promtool(shown, "check", "metrics")).isEmpty();
    }

    @Test
    void theRulesHoldTheirTests() throws Exception {
        assertThat(promtool("", "check", "rules", RULES.toString())).contains("SUCCESS");
        assertThat(promtool("", "test", "rules", RULES_TEST.toString())).contains("SUCCESS");
    }

    @Test
    void promtoolReadsEachQueryOfTheDashboard() throws Exception {
        List<JsonNode> rules = new ArrayList<>();
        for (JsonNode panel : JSON.readTree(DASHBOARD.toFile()).get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String query = target.get("expr").asText().replace("$__rate_interval", "1m");
                rules.add(JSON.createObjectNode()
                        .put("record", "query:" + rules.size())
                        .put("expr", query));
            }
        }
        assertThat(rules).hasSizeGreaterThan(30);
        JsonNode group = JSON.createObjectNode()
                .put("name", "dashboard")
                .set("rules", JSON.createArrayNode().addAll(rules));
        Path file = directory.resolve("queries.json");
        JSON.writeValue(
                file.toFile(),
                JSON.createObjectNode().set("groups", JSON.createArrayNode().add(group)));

        assertThat(promtool("", "check", "rules", file.toString())).contains("SUCCESS");
    }

    /** Runs the tool, taken out of Debian's package where it is missing; where it cannot be had, the test is skipped. */
    private static String promtool(String input, String... arguments) throws IOException, InterruptedException {
        Path in = Files.writeString(Files.createTempFile(directory, "in", ".txt"), input);
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(in.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static Path program() {
        Optional<Path> found = Binaries.findOrUnpack("promtool", "prometheus");
        assumeTrue(found.isPresent(), "promtool must be on the path, or in Debian's prometheus");
        return found.orElseThrow();
    }
}
