package io.snowline.coordination;

/**
 * The backend did not answer, or not in time, or cannot serve now: whether the step was applied is unknown. Retrying
 * helps, after reading again.
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
