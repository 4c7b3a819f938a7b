package io.snowline.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationParsingException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the YAML: fills in the server's defaults, lets Dropwizard bind and validate, then checks this project's
 * settings, so that every command finds the same errors.
 */
public final class SnowlineConfigurationFactory extends YamlConfigurationFactory<SnowlineConfiguration> {

    private static final EnvironmentVariables ENVIRONMENT = new EnvironmentVariables(System::getenv);

    /** Keys of the coordination block by their names before all backends had the same words. */
    private static final Map<String, String> FORMER_NAMES = Map.of(
            "user", "username",
            "connectionTimeout", "connectTimeout",
            "trustStore", "tls.trustStore",
            "trustStorePassword", "tls.trustStorePassword",
            "keyStore", "tls.keyStore",
            "keyStorePassword", "tls.keyStorePassword",
            "verifyHostname", "tls.verifyHostname");

    /** Makes a factory; the parameters are Dropwizard's. */
    public SnowlineConfigurationFactory(
            Class<SnowlineConfiguration> type, Validator validator, ObjectMapper mapper, String propertyPrefix) {
        super(type, validator, SettingsModule.reader(mapper), propertyPrefix);
    }

    /**
     * Makes a parser that refuses whatever the YAML library would silently alter: of a key given twice it drops the
     * first, of {@code *text} the asterisk, and of {@code !text} everything.
     */
    @Override
    protected JsonParser createParser(InputStream input) throws IOException {
        return new JsonParserDelegate(super.createParser(input).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)) {
            @Override
            public @Nullable JsonToken nextToken() throws IOException {
                JsonToken token = super.nextToken();
                if (delegate instanceof YAMLParser yaml && (yaml.isCurrentAlias() || yaml.getTypeId() != null)) {
                    throw new JacksonYAMLParseException(this, "an alias or a tag", null);
                }
                return token;
            }
        };
    }

    @Override
    public SnowlineConfiguration build(ConfigurationSourceProvider provider, String path)
            throws IOException, ConfigurationException {
        try {
            return super.build(provider, path);
        } catch (ConfigurationParsingException e) {
            throw e.getCause() instanceof JacksonYAMLParseException unreadable ? withoutItsLine(unreadable, path) : e;
        }
    }

    /** Tells where the YAML breaks off; the parser's own message shows the line, in which a secret may stand. */
    private static ConfigurationException withoutItsLine(JacksonYAMLParseException e, String path) {
        return new InvalidConfigurationException(
                path,
                List.of("line %s, column %s: malformed YAML; a text with special characters must be in quotes"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr())));
    }

    @Override
    protected SnowlineConfiguration build(JsonNode node, String path) throws IOException, ConfigurationException {
        if (!(node instanceof ObjectNode root)) {
            throw new InvalidConfigurationException(path, List.of("must be a mapping of keys to values"));
        }
        Problems problems = new Problems();
        ENVIRONMENT.fillIn(root, problems);
        SecretKeys.check(root, problems);
        requireNone(problems.messages(), path);
        new ServerDefaults(mapper).fillIn(root);
        SnowlineConfiguration configuration = bind(root, path);
        requireNone(configuration.problems(), path);
        configuration.readFrom(path);
        return configuration;
    }

    private static void requireNone(List<String> problems, String path) throws InvalidConfigurationException {
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(path, problems);
        }
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
        if (e.getCause() instanceof UnrecognizedPropertyException unknown) {
            String key = yamlPath(unknown);
            String name = FORMER_NAMES.get(unknown.getPropertyName());
            return name != null && key.equals("coordination." + unknown.getPropertyName())
                    ? new InvalidConfigurationException(
                            path, List.of("%s is called coordination.%s now".formatted(key, name)), e)
                    : e;
        }
        if (!(e.getCause() instanceof JsonMappingException mapping) || mapping instanceof InvalidFormatException) {
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
