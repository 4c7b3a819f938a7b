package io.snowline.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationParsingException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the YAML: fills in the server's defaults, lets Dropwizard bind and validate, then checks this project's
 * settings, so that every command finds the same errors.
 */
public final class SnowlineConfigurationFactory extends YamlConfigurationFactory<SnowlineConfiguration> {

    /** Makes a factory; the parameters are Dropwizard's. */
    public SnowlineConfigurationFactory(
            Class<SnowlineConfiguration> type, Validator validator, ObjectMapper mapper, String propertyPrefix) {
        super(type, validator, SettingsModule.reader(mapper), propertyPrefix);
    }

    /** Makes a parser that refuses a key given twice, of which the YAML library would silently drop the first. */
    @Override
    protected JsonParser createParser(InputStream input) throws IOException {
        return super.createParser(input).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    }

    @Override
    protected SnowlineConfiguration build(JsonNode node, String path) throws IOException, ConfigurationException {
        if (!(node instanceof ObjectNode root)) {
            throw new InvalidConfigurationException(path, List.of("must be a mapping of keys to values"));
        }
        new ServerDefaults(mapper).fillIn(root);
        SnowlineConfiguration configuration = bind(root, path);
        List<String> problems = configuration.problems();
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(path, problems);
        }
        configuration.readFrom(path);
        return configuration;
    }

    private SnowlineConfiguration bind(ObjectNode root, String path) throws IOException, ConfigurationException {
        try {
            return super.build(root, path);
        } catch (ConfigurationParsingException e) {
            throw inPlainWords(e, path);
        }
    }

    /** Reports what a setter or a deserializer complained about, with its path, and without Jackson's own wording. */
    private static ConfigurationException inPlainWords(ConfigurationParsingException e, String path) {
        if (!(e.getCause() instanceof JsonMappingException mapping)
                || mapping instanceof UnrecognizedPropertyException
                || mapping instanceof InvalidFormatException) {
            return e;
        }
        return complaint(mapping)
                .<ConfigurationException>map(complaint -> new InvalidConfigurationException(
                        path, List.of(yamlPath(mapping) + ": " + complaint.getMessage()), e))
                .orElse(e);
    }

    private static Optional<IllegalArgumentException> complaint(JsonMappingException mapping) {
        @Nullable Throwable cause = mapping.getCause();
        while (cause != null && !(cause instanceof IllegalArgumentException)) {
            cause = cause.getCause();
        }
        return Optional.ofNullable((IllegalArgumentException) cause);
    }

    private static String yamlPath(JsonMappingException mapping) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : mapping.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }
}
