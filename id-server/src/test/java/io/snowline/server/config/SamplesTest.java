package io.snowline.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplesTest {

    private static final Path SAMPLES = Path.of("config");

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(path -> path.toString().endsWith(".yml")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleIsValid(Path sample) throws Exception {
        assertThat(read(sample.toString()).generators()).isNotEmpty();
    }

    @Test
    void theLocalSampleShowsTheDefaults() throws Exception {
        SnowlineConfiguration sample = read(SAMPLES.resolve("local.yml").toString());
        SnowlineConfiguration defaults = Yaml.read("{}");

        assertThat(sample.generators()).isEqualTo(defaults.generators());
        assertThat(sample.reservation()).isEqualTo(defaults.reservation());
    }

    @Test
    void theBuiltInConfigurationIsValid() throws Exception {
        assertThat(read(ConfigurationSource.BUILT_IN).generators()).hasSize(1);
    }

    private static SnowlineConfiguration read(String path) throws Exception {
        return Yaml.factory().build(new ConfigurationSource(), path);
    }
}
