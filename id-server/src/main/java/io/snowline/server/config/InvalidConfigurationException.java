package io.snowline.server.config;

import io.dropwizard.configuration.ConfigurationException;
import java.util.List;

/** A configuration that breaks a rule; the message lists the problems, each with its path in the YAML. */
public final class InvalidConfigurationException extends ConfigurationException {

    private static final long serialVersionUID = 1L;

    InvalidConfigurationException(String file, List<String> problems) {
        super(file, problems);
    }

    InvalidConfigurationException(String file, List<String> problems, Throwable cause) {
        super(file, problems, cause);
    }
}
