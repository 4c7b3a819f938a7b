package io.snowline.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Thrown at the start when properties below {@code snowline} are wrong, or when the application was told to wait for IDs and
 * there were none. The message says what must be changed; values that may be secret are left out.
 */
public final class SnowlineConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SnowlineConfigurationException(List<String> problems, @Nullable Throwable cause) {
        this(String.join(System.lineSeparator(), problems), cause);
    }

    SnowlineConfigurationException(String problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
