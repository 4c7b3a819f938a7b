package io.snowline.audit;

/**
 * An audit that could not be finished: an input cannot be read or contains something that is not an ID, or the
 * temporary directory is full. The message is for the person who asked for the audit; trying again does not help.
 */
public final class AuditException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AuditException(String message, Throwable cause) {
        super(message, cause);
    }
}
