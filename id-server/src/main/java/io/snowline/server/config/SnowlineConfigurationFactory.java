package io.snowline.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationParsingException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.snowline.config.BindingErrors;
import io.snowline.config.EnvironmentVariables;
import io.snowline.config.Problems;
import io.snowline.config.SecretKeys;
import io.snowline.config.SettingsModule;
import io.snowline.config.StrictYaml;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Reads the YAML: fills in the server's defaults, lets Dropwizard bind and validate, then checks this project's
 * settings, so that every command finds the same errors.
 */
public final class SnowlineConfigurationFactory extends YamlConfigurationFactory<SnowlineConfiguration> {

    private static final EnvironmentVariables ENVIRONMENT = new EnvironmentVariables(System::getenv);

    /** Makes a factory; the parameters are Dropwizard's. */
    public SnowlineConfigurationFactory(
            Class<SnowlineConfiguration> type, Validator validator, ObjectMapper mapper, String propertyPrefix) {
        super(type, validator, SettingsModule.reader(mapper).registerModule(new ServerModule()), propertyPrefix);
    }

    @Override
    protected JsonParser createParser(InputStream input) throws IOException {
        return StrictYaml.parser(super.createParser(input));
    }

    @Override
    public SnowlineConfiguration build(ConfigurationSourceProvider provider, String path)
            throws IOException, ConfigurationException {
        try {
            return super.build(provider, path);
        } catch (ConfigurationParsingException e) {
            throw e.getCause() instanceof JacksonYAMLParseException unreadable
                    ? new InvalidConfigurationException(path, List.of(StrictYaml.complaint(unreadable)))
                    : e;
        }
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
        configuration.readFrom(path);
        requireNone(configuration.problems(), path);
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
            throw e.getCause() instanceof JsonMappingException mapping
                    ? BindingErrors.complaint(mapping)
                            .<ConfigurationException>map(
                                    complaint -> new InvalidConfigurationException(path, List.of(complaint), e))
                            .orElse(e)
                    : e;
        }
    }
}
