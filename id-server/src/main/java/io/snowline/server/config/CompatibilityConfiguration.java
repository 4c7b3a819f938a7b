package io.snowline.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.snowline.config.Problems;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code compatibility} block: calls of other ID services that this server answers, so that their clients need not
 * change at once. Each is absent unless it is asked for.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>leaf.keys</td><td>none</td><td>namespaces by Leaf's key</td></tr>
 * <tr><td>leaf.others</td><td>refuse</td><td>the namespace of all other keys, or {@code refuse}</td></tr>
 * <tr><td>leaf.segments</td><td>false</td><td>whether {@code /api/segment/get} is answered as well, with snowflakes</td></tr>
 * <tr><td>leaf.zone</td><td>the system's</td><td>the time zone of {@code /decodeSnowflakeId}</td></tr>
 * <tr><td>tinyid.context</td><td>/tinyid</td><td>the path under which TinyID's calls lie</td></tr>
 * <tr><td>tinyid.types</td><td>none</td><td>namespaces by TinyID's bizType</td></tr>
 * <tr><td>tinyid.maxBatch</td><td>100000</td><td>the most IDs of one call</td></tr>
 * <tr><td>snowizard.namespace</td><td>none</td><td>the namespace whose IDs Snowizard's clients get</td></tr>
 * <tr><td>snowizard.validateUserAgent</td><td>false</td><td>whether a request needs a User-Agent of letters, digits and
 *   hyphens</td></tr>
 * </table>
 *
 * <p>Not thread-safe.
 */
final class CompatibilityConfiguration {

    private static final String REFUSE = "refuse";
    private static final int LARGEST_BATCH = 1_000_000;
    private static final Pattern CONTEXT = Pattern.compile("(/[A-Za-z0-9._~-]+)*");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._~-]+");

    @JsonProperty
    private @Nullable LeafConfiguration leaf;

    @JsonProperty
    private @Nullable TinyIdConfiguration tinyid;

    @JsonProperty
    private @Nullable SnowizardConfiguration snowizard;

    private static final class LeafConfiguration {

        @JsonProperty
        private Map<String, String> keys = new LinkedHashMap<>();

        @JsonProperty
        private String others = REFUSE;

        @JsonProperty
        private boolean segments;

        @JsonProperty
        private String zone = ZoneId.systemDefault().getId();

        CompatibilitySettings.Leaf settings() {
            return new CompatibilitySettings.Leaf(
                    keys, others.equals(REFUSE) ? Optional.empty() : Optional.of(others), segments, zone());
        }

        private ZoneId zone() {
            try {
                return ZoneId.of(zone);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        "zone must be a time zone such as Asia/Shanghai, got '" + zone + "'", e);
            }
        }

        void check(Set<String> namespaces, Problems problems) {
            problems.attempt(this::zone);
            checkNames(keys, namespaces, problems.at("keys"));
            problems.require(
                    !keys.isEmpty() || !others.equals(REFUSE), "keys must name a namespace, or others, got neither");
            if (!others.equals(REFUSE)) {
                checkNamespace("others", others, namespaces, problems);
            }
        }
    }

    private static final class TinyIdConfiguration {

        @JsonProperty
        private String context = "/tinyid";

        @JsonProperty
        private Map<String, String> types = new LinkedHashMap<>();

        @JsonProperty
        private int maxBatch = 100_000;

        CompatibilitySettings.TinyId settings() {
            return new CompatibilitySettings.TinyId(context, types, maxBatch);
        }

        void check(Set<String> namespaces, Problems problems) {
            problems.require(
                    CONTEXT.matcher(context).matches(),
                    "context must be a path such as /tinyid, or empty, got '" + context + "'");
            problems.require(!types.isEmpty(), "types must name at least one namespace, got none");
            checkNames(types, namespaces, problems.at("types"));
            problems.require(
                    maxBatch >= 1 && maxBatch <= LARGEST_BATCH,
                    "maxBatch must be from 1 to %s, got %s".formatted(LARGEST_BATCH, maxBatch));
        }
    }

    private static final class SnowizardConfiguration {

        @JsonProperty
        private String namespace = "";

        @JsonProperty
        private boolean validateUserAgent;

        CompatibilitySettings.Snowizard settings() {
            return new CompatibilitySettings.Snowizard(namespace, validateUserAgent);
        }
    }

    /**
     * Adds what breaks a rule.
     *
     * @param namespaces the server's namespaces
     */
    void check(Set<String> namespaces, Problems problems) {
        if (leaf != null) {
            leaf.check(namespaces, problems.at("leaf"));
        }
        if (tinyid != null) {
            tinyid.check(namespaces, problems.at("tinyid"));
        }
        if (snowizard != null) {
            checkNamespace("namespace", snowizard.namespace, namespaces, problems.at("snowizard"));
        }
    }

    private static void checkNames(Map<String, String> names, Set<String> namespaces, Problems problems) {
        names.forEach((name, namespace) -> {
            problems.require(
                    KEY.matcher(name).matches(),
                    "a name must consist of letters, digits, '.', '_', '~' and '-', got '" + name + "'");
            checkNamespace(name, namespace, namespaces, problems);
        });
    }

    private static void checkNamespace(
            String key, @Nullable String namespace, Collection<String> namespaces, Problems problems) {
        problems.require(
                namespaces.contains(namespace),
                "%s must be one of generators %s, got '%s'"
                        .formatted(key, namespaces.stream().sorted().toList(), namespace == null ? "" : namespace));
    }

    CompatibilitySettings settings() {
        return new CompatibilitySettings(
                Optional.ofNullable(leaf).map(LeafConfiguration::settings),
                Optional.ofNullable(tinyid).map(TinyIdConfiguration::settings),
                Optional.ofNullable(snowizard).map(SnowizardConfiguration::settings));
    }
}
