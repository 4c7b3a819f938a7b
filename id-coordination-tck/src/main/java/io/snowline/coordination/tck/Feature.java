package io.snowline.coordination.tck;

/** The optional features of a backend; the kit checks either way that the declaration is true. */
public enum Feature {
    /** The backend has a clock: every answer carries its time, and {@code notAfter} is compared with it (C6). */
    CLOCK,
    /** The backend has an identity, since it may lose acknowledged writes. */
    IDENTITY,
    /** The backend has a ledger (C10). */
    LEDGER,
    /**
     * The backend keeps a trace of each namespace outside its records (C11); one that keeps none reports it as unknown.
     */
    TRACE
}
