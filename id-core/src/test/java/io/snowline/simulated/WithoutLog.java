package io.snowline.simulated;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps the log of the code under test out of the build's output while the tests of a class run. */
public final class WithoutLog implements BeforeAllCallback, AfterAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        CoreLog.off();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        CoreLog.on();
    }
}
