package io.snowline.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong with the properties, in place of a stack trace. Thread-safe. */
final class SnowlineFailureAnalyzer extends AbstractFailureAnalyzer<SnowlineConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SnowlineConfigurationException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()), "Change the properties below 'snowline' accordingly.", cause);
    }
}
