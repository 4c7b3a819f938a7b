package io.snowline.coordination;

/**
 * What a backend keeps of a namespace outside of its records, so that a namespace that was deleted is known to be lost and not
 * taken for a new one. It lies where a deletion of the records does not reach it, and is never deleted.
 *
 * <p>Immutable; threads may share it.
 *
 * @param kind whether there is one
 * @param token the token of the namespace record that was written with it; empty unless the kind is {@code LEFT}
 */
public record Trace(Kind kind, String token) {

    /** The namespace was never made in this backend: it is new. */
    public static final Trace NONE = new Trace(Kind.NONE, "");

    /** The backend cannot tell: an absent namespace counts as lost. */
    public static final Trace UNKNOWN = new Trace(Kind.UNKNOWN, "");

    /**
     * @throws IllegalArgumentException if the token has characters that a record cannot hold, or none although there is a trace
     */
    public Trace {
        if (kind == Kind.LEFT) {
            RecordText.requireWord("trace", token);
        } else if (!token.isEmpty()) {
            throw new IllegalArgumentException(
                    "a trace of kind %s must have no token, got '%s'".formatted(kind, token));
        }
    }

    /** Returns the trace that a namespace record has left. */
    public static Trace leftBy(String token) {
        return new Trace(Kind.LEFT, token);
    }

    /** Whether there is a trace. */
    public enum Kind {
        /** There is none, and there would be one had the namespace ever been made. */
        NONE,
        /** There is one. */
        LEFT,
        /** The backend keeps none, or cannot reach it. */
        UNKNOWN
    }
}
