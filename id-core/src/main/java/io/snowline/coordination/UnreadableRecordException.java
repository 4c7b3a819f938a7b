package io.snowline.coordination;

/**
 * Something lies where a record of Snowline should be, and is none: truncated, garbled or somebody else's. It was left
 * as it is. Retrying does not help until a person has looked.
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
