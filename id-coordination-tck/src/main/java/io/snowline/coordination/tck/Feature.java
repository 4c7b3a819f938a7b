package io.snowline.coordination.tck;

/** What a backend may have or not have; the kit checks either way that it is as said. */
public enum Feature {
    /** The backend has a clock: every answer carries its time, and {@code notAfter} is compared with it (C6). */
    CLOCK,
    /** The backend has an identity, since it may lose acknowledged writes. */
    IDENTITY,
    /** The backend has a ledger (C10). */
    LEDGER,
    /** The backend keeps a trace of each namespace outside of its records (C11); one that has none tells it as unknown. */
    TRACE
}
