package io.snowline.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.snowline.server.access.TokenSettings;
import io.snowline.server.testing.Chart;
import io.snowline.testing.Binaries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files under {@code deploy} name ports, paths, variables and files as the server has them. */
class DeploymentFilesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DEPLOY = ROOT.resolve("deploy");
    private static final Path KUBERNETES = DEPLOY.resolve("kubernetes");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** What a server takes to stop without {@code shutdownGracePeriod} in its configuration. */
    private static final int DEFAULT_GRACE_SECONDS = 15;

    @TempDir
    private Path directory;

    private static JsonNode read(String file) throws IOException {
        return YAML.readTree(DEPLOY.resolve(file).toFile());
    }

    private static JsonNode kubernetes(String file) throws IOException {
        return read("kubernetes/" + file);
    }

    private static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static List<String> texts(JsonNode list) {
        return each(list).map(JsonNode::asText).toList();
    }

    private static int seconds(String duration) {
        assertThat(duration).matches("[0-9]+s");
        return Integer.parseInt(duration.replace("s", ""));
    }

    private static Set<String> found(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // ---- what all of them name ----

    @Test
    void everyVariableIsOneThatTheServerReads() throws IOException {
        StringBuilder readers = new StringBuilder();
        try (Stream<Path> samples = Files.list(Path.of("config"))) {
            for (Path sample : samples.toList()) {
                readers.append(Files.readString(sample));
            }
        }
        readers.append(Files.readString(Path.of("src/main/scripts/snowline")));
        for (String file : List.of(
                "compose.yml",
                "kubernetes/deployment.yaml",
                "kubernetes/create-job.yaml",
                "helm/snowline/templates/deployment.yaml",
                "systemd/snowline.service")) {
            Set<String> variables = found("\\b(?:SNOWLINE|REDIS)_[A-Z_]+", Files.readString(DEPLOY.resolve(file)));
            variables.remove("SNOWLINE_VERSION"); // of the image that compose.yml starts
            assertThat(variables).as(file).isNotEmpty().allMatch(name -> readers.indexOf("${" + name + ":-") >= 0);
        }
    }

    @Test
    void everyImageHasTheVersionOfTheBuild() throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        Set<String> versions = found("(?<=<artifactId>snowline-parent</artifactId>\n  <version>)[^<]+", pom);
        assertThat(versions).hasSize(1);
        String version = versions.iterator().next();

        assertThat(Files.readString(DEPLOY.resolve("compose.yml"))).contains("snowline:${SNOWLINE_VERSION:-" + version);
        assertThat(kubernetes("deployment.yaml").findValuesAsText("image")).containsExactly("snowline:" + version);
        assertThat(kubernetes("create-job.yaml").findValuesAsText("image")).containsExactly("snowline:" + version);
        assertThat(kubernetes("kustomization.yaml").findValuesAsText("newTag")).containsExactly(version);
        assertThat(read("helm/snowline/values.yaml").at("/image/tag").asText()).isEqualTo(version);
        assertThat(read("helm/snowline/Chart.yaml").get("appVersion").asText()).isEqualTo(version);
    }

    // ---- Compose ----

    @Test
    void composeStartsServersOnRedisThatKeepsEverything() throws IOException {
        JsonNode services = read("compose.yml").get("services");

        assertThat(texts(services.at("/redis/command")))
                .containsSequence("--appendonly", "yes")
                .containsSequence("--maxmemory-policy", "noeviction");
        List<JsonNode> servers = each(services)
                .filter(service -> service.path("hostname").asText().startsWith("snowline-"))
                .toList();
        assertThat(servers).hasSize(3);
        // With the anchor that they share.
        JsonNode server = read("compose.yml").get("x-server");
        Path sample = Path.of("config").resolve(server.at("/command/1").asText().replace("/etc/snowline/", ""));
        assertThat(server.at("/command/0").asText()).isEqualTo("server");
        assertThat(Path.of("config", "redis.yml")).isEqualTo(sample).exists();
        JsonNode configuration = YAML.readTree(sample.toFile());
        assertThat(seconds(server.get("stop_grace_period").asText()))
                .isGreaterThan(
                        seconds(configuration.at("/health/shutdownWaitPeriod").asText()) + DEFAULT_GRACE_SECONDS);
        assertThat(server.get("read_only").asBoolean()).isTrue();
    }

    @Test
    void prometheusAndGrafanaFindTheServersAndTheirFiles() throws IOException {
        JsonNode services = read("compose.yml").get("services");
        JsonNode scrape = read("prometheus/prometheus.yml").at("/scrape_configs/0");
        JsonNode found = scrape.at("/dns_sd_configs/0");

        assertThat(texts(found.get("names"))).allMatch(services::has).hasSize(3);
        assertThat(found.get("port").asInt()).isEqualTo(8081);
        assertThat(scrape.get("metrics_path").asText()).isEqualTo("/prometheus");
        assertThat(scrape.get("job_name").asText()).isEqualTo("snowline"); // as in alerts.yml
        for (String service : List.of("prometheus", "grafana")) {
            for (String mount : texts(services.at("/" + service + "/volumes"))) {
                assertThat(DEPLOY.resolve(mount.split(":", 2)[0])).exists();
            }
        }
        JsonNode source =
                read("grafana/provisioning/datasources/prometheus.yml").at("/datasources/0/url");
        assertThat(source.asText()).isEqualTo("http://prometheus:9090");
        JsonNode provider = read("grafana/provisioning/dashboards/snowline.yml").at("/providers/0/options/path");
        assertThat(texts(services.at("/grafana/volumes")))
                .contains("./grafana/snowline.json:" + provider.asText() + "/snowline.json:ro");
    }

    // ---- Kubernetes ----

    /** Reads the configuration of the replicas as the server does, with a value for what the Secret has. */
    private SnowlineConfiguration configuration() throws Exception {
        Path tokens = Files.writeString(directory.resolve("tokens"), "0123456789abcdef0123456789abcdef\n");
        String yaml = Files.readString(KUBERNETES.resolve("config.yml"))
                .replace("${REDIS_URI}", "redis://redis:6379")
                .replace("/run/secrets/snowline/tokens", tokens.toString());
        Path file = Files.writeString(directory.resolve("config.yml"), yaml);
        return Yaml.factory().build(new ConfigurationSource(), file.toString());
    }

    @Test
    void theReplicasConfigurationIsValidAndGuarded() throws Exception {
        assertThat(configuration().generators())
                .isNotEmpty()
                .noneMatch(generator -> generator.tokens().equals(TokenSettings.NONE));
    }

    @Test
    void probesPortsAndPeriodsAreTheServers() throws Exception {
        JsonNode configuration = kubernetes("config.yml");
        JsonNode pod = kubernetes("deployment.yaml").at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");

        Map<String, Integer> ports = new HashMap<>();
        container
                .get("ports")
                .forEach(port -> ports.put(
                        port.get("name").asText(), port.get("containerPort").asInt()));
        assertThat(ports)
                .containsEntry(
                        "http",
                        configuration.at("/server/applicationConnectors/0/port").asInt())
                .containsEntry(
                        "admin",
                        configuration.at("/server/adminConnectors/0/port").asInt());
        String path = configuration.at("/health/healthCheckUrlPaths/0").asText();
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo(path + "?type=ready");
        for (String probe : List.of("startupProbe", "livenessProbe")) {
            assertThat(container.at("/" + probe + "/tcpSocket/port").asText()).isEqualTo("http");
        }
        assertThat(pod.get("terminationGracePeriodSeconds").asInt())
                .isGreaterThan(
                        seconds(configuration.at("/health/shutdownWaitPeriod").asText()) + DEFAULT_GRACE_SECONDS);
        List<String> checks = each(configuration.at("/health/healthChecks"))
                .map(check -> check.get("name").asText())
                .toList();
        assertThat(checks)
                .containsExactlyElementsOf(configuration().generators().stream()
                        .map(generator -> "lease-" + generator.namespace())
                        .toList());
        assertThat(kubernetes("service.yaml").at("/spec/ports/0/targetPort").asText())
                .isEqualTo("http");
        assertThat(kubernetes("network-policy.yaml").findValuesAsText("port"))
                .containsExactly("8080", "8081", "53", "53", "6379");
        assertThat(kubernetes("disruption-budget.yaml")
                        .at("/spec/maxUnavailable")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void podsAreRestrictedAndTakeSecretsFromTheSecret() throws IOException {
        for (String file : List.of("deployment.yaml", "create-job.yaml")) {
            JsonNode pod = kubernetes(file).at("/spec/template/spec");
            JsonNode container = pod.at("/containers/0");
            assertThat(pod.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(texts(container.at("/securityContext/capabilities/drop")))
                    .containsExactly("ALL");
            assertThat(container.get("env"))
                    .filteredOn(variable -> variable.get("name").asText().equals("REDIS_URI"))
                    .allMatch(variable ->
                            variable.at("/valueFrom/secretKeyRef/key").asText().equals("redis-uri"))
                    .hasSize(1);
        }
        JsonNode deployment = kubernetes("deployment.yaml");
        assertThat(deployment.findValuesAsText("mountPath"))
                .contains(Path.of(kubernetes("config.yml")
                                .at("/generators/default/tokensFile")
                                .asText())
                        .getParent()
                        .toString());
        assertThat(deployment.at("/spec/template/spec/containers/0/args/1").asText())
                .isEqualTo("/etc/snowline-config/config.yml");
    }

    @Test
    void theChartMakesTheSameObjects() throws IOException {
        Map<String, JsonNode> made = new HashMap<>();
        for (JsonNode object : new Chart(DEPLOY.resolve("helm/snowline")).objects()) {
            made.put(object.get("kind").asText(), plain(object));
        }
        JsonNode map = made.remove("ConfigMap");
        assertThat(YAML.readTree(map.at("/data/config.yml").asText())).isEqualTo(kubernetes("config.yml"));
        Map<String, JsonNode> written = new HashMap<>();
        for (String file : texts(kubernetes("kustomization.yaml").get("resources"))) {
            JsonNode object = kubernetes(file);
            written.put(object.get("kind").asText(), plain(object));
        }
        assertThat(made).isEqualTo(written);
    }

    /** Leaves out what the chart has in addition: the name of its release, and what the values are for. */
    private static JsonNode plain(JsonNode object) {
        object.findParents("app.kubernetes.io/instance")
                .forEach(labels -> ((ObjectNode) labels).remove("app.kubernetes.io/instance"));
        object.findParents("checksum/config").forEach(notes -> ((ObjectNode) notes).remove("checksum/config"));
        object.findParents("imagePullPolicy").forEach(container -> ((ObjectNode) container).remove("imagePullPolicy"));
        return object;
    }

    @Test
    void kustomizeBuildsTheManifests() throws Exception {
        assumeTrue(Binaries.find(List.of("kubectl")).isPresent(), "kubectl");

        assertThat(run("kubectl", "kustomize", KUBERNETES.toString()))
                .contains("kind: Deployment")
                .containsPattern("name: snowline-[a-z0-9]{8,}"); // the ConfigMap's, which changes with the file
    }

    // ---- systemd ----

    @Test
    void systemdLikesTheUnit() throws Exception {
        assumeTrue(Binaries.find(List.of("systemd-analyze")).isPresent(), "systemd-analyze");
        String unit = Files.readString(DEPLOY.resolve("systemd/snowline.service"));
        assertThat(unit).contains("\nExecStart=/opt/snowline/bin/snowline server /etc/snowline/config.yml\n");
        Path file = Files.writeString(
                directory.resolve("snowline.service"),
                unit.replace(
                        "/opt/snowline/bin/snowline",
                        Path.of("src/main/scripts/snowline").toAbsolutePath().toString()));

        assertThat(run("systemd-analyze", "verify", file.toString())).isEmpty();
        assertThat(run("systemd-analyze", "security", "--offline=true", "--threshold=20", file.toString()))
                .contains("OK");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
