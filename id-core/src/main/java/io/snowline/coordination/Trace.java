package io.snowline.coordination;

/**
 * What a backend keeps of a namespace outside its records, so that a deleted namespace is known to be lost and not
 * mistaken for a new one. It is stored where deleting the records does not reach it, and is never deleted.
 *
 * <p>Immutable and thread-safe.
 *
 * @param kind whether there is a trace
 * @param token the token of the namespace record that was written with it; empty unless the kind is {@code LEFT}
 */
public record Trace(Kind kind, String token) {

    /** The namespace was never created in this backend: it is new. */
    public static final Trace NONE = new Trace(Kind.NONE, "");

    /** The backend cannot tell: an absent namespace counts as lost. */
    public static final Trace UNKNOWN = new Trace(Kind.UNKNOWN, "");

    /**
     * @throws IllegalArgumentException if the token contains characters that a record cannot hold, is missing although
     *     there is a trace, or is present although there is none
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
        /** There is none; there would be one if the namespace had ever been created. */
        NONE,
        /** There is one. */
        LEFT,
        /** The backend keeps no traces, or cannot reach this one. */
        UNKNOWN
    }
}
