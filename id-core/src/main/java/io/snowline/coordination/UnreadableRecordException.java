package io.snowline.coordination;

/**
 * Thrown when something other than a Snowline record is stored where one should be: truncated, garbled, or written by
 * another program. It was left unchanged. Retrying does not help until an operator has looked at it.
 */
public final class UnreadableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnreadableRecordException(String message) {
        super(message);
    }

    public UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
