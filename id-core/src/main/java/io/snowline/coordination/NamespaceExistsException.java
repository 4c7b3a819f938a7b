package io.snowline.coordination;

/** Thrown when a namespace is to be made that the coordinator has already; nothing was changed. Retrying does not help. */
public final class NamespaceExistsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NamespaceExistsException(String message) {
        super(message);
    }
}
