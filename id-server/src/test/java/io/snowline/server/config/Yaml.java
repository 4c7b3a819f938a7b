package io.snowline.server.config;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import jakarta.validation.Validator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads configurations as the commands do. */
final class Yaml {

    private static final Validator VALIDATOR = Validators.newValidator();

    private Yaml() {}

    static SnowlineConfiguration read(String yaml) throws IOException, ConfigurationException {
        return factory().build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "config.yml");
    }

    static SnowlineConfigurationFactory factory() {
        return new SnowlineConfigurationFactory(
                SnowlineConfiguration.class, VALIDATOR, Jackson.newObjectMapper(), "snowline-tests");
    }
}
