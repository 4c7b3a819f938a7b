package io.snowline.audit;

/**
 * An ID that occurs more than once.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id the ID
 * @param first where it was read first
 * @param second where it was read for the second time
 * @param occurrences how often it was read, 2 or more
 */
record Duplicate(long id, IdPosition first, IdPosition second, long occurrences) {

    Duplicate oneMore() {
        return new Duplicate(id, first, second, occurrences + 1);
    }
}
