package io.snowline.server.cli;

/** An audit that found duplicates; the report has been printed. */
final class DuplicatesFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DuplicatesFoundException(String message) {
        super(message);
    }
}
