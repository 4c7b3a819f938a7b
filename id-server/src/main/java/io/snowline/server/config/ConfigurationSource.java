package io.snowline.server.config;

import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Opens configurations: a file, or the built-in one if there is none. Immutable and thread-safe.
 */
public final class ConfigurationSource implements ConfigurationSourceProvider {

    /** The path that stands for the built-in configuration. */
    public static final String BUILT_IN = "<built-in>";

    private static final String RESOURCE = "built-in.yml";

    private final ConfigurationSourceProvider files = new FileConfigurationSourceProvider();

    @Override
    public InputStream open(String path) throws IOException {
        return path.equals(BUILT_IN)
                ? Objects.requireNonNull(ConfigurationSource.class.getResourceAsStream(RESOURCE), RESOURCE)
                : files.open(path);
    }
}
