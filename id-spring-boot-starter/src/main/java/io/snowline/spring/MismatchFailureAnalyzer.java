package io.snowline.spring;

import io.snowline.coordination.NamespaceMismatchException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows how a namespace differs from its configuration, in place of a stack trace. Thread-safe. */
final class MismatchFailureAnalyzer extends AbstractFailureAnalyzer<NamespaceMismatchException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, NamespaceMismatchException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Give the namespace the settings that its first process fixed, below 'snowline.generators' and"
                        + " 'snowline.reservation', or use another namespace.",
                cause);
    }
}
