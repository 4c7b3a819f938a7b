package io.snowline.server.issuing;

/**
 * Whether IDs of a namespace can be issued.
 *
 * <p>Immutable and thread-safe.
 *
 * @param ready whether they can
 * @param detail a sentence for people: what is held, and what is wrong
 */
public record Readiness(boolean ready, String detail) {}
