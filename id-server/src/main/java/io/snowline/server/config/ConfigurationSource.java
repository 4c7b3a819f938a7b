package io.snowline.server.config;

import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.configuration.UndefinedEnvironmentVariableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Opens configurations: a file, or the built-in one if there is none. <code>${NAME:-default}</code> stands for an
 * environment variable; a variable that is neither defined nor has a default is an error that names it.
 *
 * <p>Immutable and thread-safe.
 */
public final class ConfigurationSource implements ConfigurationSourceProvider {

    /** The path that stands for the built-in configuration. */
    public static final String BUILT_IN = "<built-in>";

    private static final String RESOURCE = "built-in.yml";

    private final ConfigurationSourceProvider files = new SubstitutingSourceProvider(
            new FileConfigurationSourceProvider(), new EnvironmentVariableSubstitutor(true));

    @Override
    public InputStream open(String path) throws IOException {
        if (path.equals(BUILT_IN)) {
            return Objects.requireNonNull(ConfigurationSource.class.getResourceAsStream(RESOURCE), RESOURCE);
        }
        try {
            return files.open(path);
        } catch (UndefinedEnvironmentVariableException e) {
            throw new UndefinedEnvironmentVariableException(
                    path + ": an environment variable must be defined or have a default, as in ${NAME:-default}: "
                            + e.getMessage());
        }
    }
}
