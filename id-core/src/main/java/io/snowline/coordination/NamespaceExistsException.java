package io.snowline.coordination;

/**
 * Thrown when a namespace to be created already exists in the coordinator; nothing was changed. Retrying does not help.
 */
public final class NamespaceExistsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NamespaceExistsException(String message) {
        super(message);
    }
}
