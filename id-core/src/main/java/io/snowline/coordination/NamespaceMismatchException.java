package io.snowline.coordination;

/**
 * The namespace was fixed otherwise by its first process: another layout, epoch or mode. Retrying does not help; the
 * configuration must change, or the namespace.
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
