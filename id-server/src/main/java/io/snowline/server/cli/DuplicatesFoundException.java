package io.snowline.server.cli;

/** An audit that found what must not be; the report has been printed. */
final class DuplicatesFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DuplicatesFoundException(String message) {
        super(message);
    }
}
