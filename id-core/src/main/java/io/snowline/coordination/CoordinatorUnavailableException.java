package io.snowline.coordination;

/**
 * Thrown when the backend did not answer, did not answer in time, or cannot serve now: whether the step was applied is
 * unknown. Retrying helps, after reading again.
 */
public final class CoordinatorUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CoordinatorUnavailableException(String message) {
        super(message);
    }

    public CoordinatorUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
