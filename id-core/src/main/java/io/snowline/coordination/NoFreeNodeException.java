package io.snowline.coordination;

/** Reports that every node id this process may take is held. Retrying helps later, when one is released or lapses. */
public final class NoFreeNodeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NoFreeNodeException(String message) {
        super(message);
    }

    public NoFreeNodeException(String message, Throwable cause) {
        super(message, cause);
    }
}
