package io.snowline.server.audit;

/**
 * An audit that could not be finished: an input that cannot be read or holds something that is no ID, or a temporary
 * directory without room. The message is for the person who asked for the audit; doing the same again does not help.
 */
public final class AuditException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AuditException(String message, Throwable cause) {
        super(message, cause);
    }
}
