package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the server's jar says about the libraries that it is made of. A build without a network ({@code -o}) leaves it out. */
class JarContentsIT {

    private static final String LICENSES = "META-INF/licenses/";

    /** Netty has these among its own classes, under names of its own; they are no dependencies. */
    private static final Set<String> INSIDE_NETTY =
            Set.of("org.jctools:jctools-core", "org.jctools:jctools-core-jdk11");

    private static JarFile jar;
    private static JsonNode sbom;

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(System.getProperty("snowline.server.jar"));
        sbom = new ObjectMapper().readTree(bytes("META-INF/sbom/bom.json"));
    }

    @AfterAll
    static void close() throws IOException {
        jar.close();
    }

    @Test
    void everyPartHasALicenceWhoseTextIsInTheJar() {
        Set<String> directories = jar.stream()
                .map(JarEntry::getName)
                .filter(name -> name.startsWith(LICENSES) && !name.endsWith("/"))
                .map(name -> name.substring(LICENSES.length()).replaceFirst("/.*", ""))
                .collect(Collectors.toSet());
        List<String> without = new ArrayList<>();
        for (JsonNode part : sbom.get("components")) {
            Set<String> licences = licences(part);
            boolean ownText = directories.contains(part.get("name").asText());
            // MIT's and BSD's texts name the author: for those, a part needs its own.
            boolean commonText = licences.stream().anyMatch(licence -> directories.contains(licence + ".txt"));
            if (licences.isEmpty() || (!ownText && !commonText)) {
                without.add(part.get("purl").asText() + " " + licences);
            }
        }
        assertThat(without).isEmpty();
        assertThat(sbom.get("components")).hasSizeGreaterThan(100);
    }

    @Test
    void theBillOfMaterialsNamesWhatIsInTheJar() throws IOException {
        Set<String> named = new HashSet<>(INSIDE_NETTY);
        named.add(module(sbom.get("metadata").get("component")));
        sbom.get("components").forEach(part -> named.add(module(part)));

        Set<String> found = new TreeSet<>();
        for (JarEntry entry : jar.stream().toList()) {
            if (entry.getName().endsWith("/pom.properties")) {
                Properties pom = new Properties();
                pom.load(new ByteArrayInputStream(bytes(entry.getName())));
                found.add(pom.getProperty("groupId") + ":" + pom.getProperty("artifactId"));
            }
        }
        assertThat(found).hasSizeGreaterThan(100).isSubsetOf(named);
    }

    @Test
    void equalBuildsHaveEqualBillsOfMaterials() {
        assertThat(sbom.has("serialNumber")).isFalse();
        assertThat(sbom.get("metadata").has("timestamp")).isFalse();
    }

    @Test
    void theListNamesEveryPart() throws IOException {
        String list = new String(bytes("META-INF/THIRD-PARTY.txt"), StandardCharsets.UTF_8);

        for (JsonNode part : sbom.get("components")) {
            assertThat(list)
                    .contains(module(part) + ":" + part.get("version").asText() + " - "
                            + String.join(", ", licences(part)));
        }
    }

    @Test
    void theManifestNamesOurOwnLicence() throws IOException {
        assertThat(jar.getManifest().getMainAttributes().getValue("Bundle-License"))
                .isEqualTo("Apache-2.0");
        assertThat(new String(bytes("META-INF/LICENSE"), StandardCharsets.UTF_8))
                .contains("Apache License")
                .contains("Version 2.0");
    }

    private static String module(JsonNode part) {
        return part.get("group").asText() + ":" + part.get("name").asText();
    }

    private static Set<String> licences(JsonNode part) {
        Set<String> licences = new LinkedHashSet<>();
        for (JsonNode choice : part.path("licenses")) {
            JsonNode licence = choice.path("license");
            for (JsonNode name : List.of(choice.path("expression"), licence.path("id"), licence.path("name"))) {
                if (name.isTextual()) {
                    licences.add(name.asText());
                }
            }
        }
        return licences;
    }

    private static byte[] bytes(String entry) throws IOException {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return in.readAllBytes();
        }
    }
}
