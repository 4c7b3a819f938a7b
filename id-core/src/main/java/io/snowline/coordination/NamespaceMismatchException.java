package io.snowline.coordination;

/**
 * Thrown when the namespace was fixed by its first process with other settings: another layout, epoch or mode, or a
 * larger {@code ahead}. Retrying does not help; the configuration must change, or the namespace.
 */
public final class NamespaceMismatchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NamespaceMismatchException(String message) {
        super(message);
    }

    public NamespaceMismatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
