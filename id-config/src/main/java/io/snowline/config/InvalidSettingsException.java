package io.snowline.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings that break a rule; the message lists the problems, each with its path. No secret is among them. */
public final class InvalidSettingsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * Makes the exception.
     *
     * @param where what has the settings, such as a file
     * @param problems the problems, one message each
     * @param cause the cause, which must show no secret; null if there is none
     */
    InvalidSettingsException(String where, List<String> problems, @Nullable Throwable cause) {
        super(message(where, problems), cause);
        this.problems = List.copyOf(problems);
    }

    private static String message(String where, List<String> problems) {
        String head = where + (problems.size() == 1 ? " has an error:" : " has the following errors:");
        return head + System.lineSeparator() + "  * " + String.join(System.lineSeparator() + "  * ", problems);
    }

    static void requireNone(String where, List<String> problems) {
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(where, problems, null);
        }
    }

    /** Returns the problems, one message each, beginning with the path of the key. */
    public List<String> problems() {
        return problems;
    }
}
