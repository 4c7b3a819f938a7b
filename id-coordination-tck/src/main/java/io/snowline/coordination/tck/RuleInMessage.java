package io.snowline.coordination.tck;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** Puts the test's sentence, which begins with the rule's number, before whatever a failure says. Keeps no state. */
final class RuleInMessage implements TestExecutionExceptionHandler {

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (failure instanceof TestAbortedException) {
            throw failure;
        }
        String what = failure instanceof AssertionError ? String.valueOf(failure.getMessage()) : failure.toString();
        throw new AssertionError(context.getDisplayName() + "\n" + what.strip(), failure);
    }
}
