package io.snowline.server.cli;

/** A command line that asks for something that does not exist; the message is for the person at the terminal. */
final class WrongUsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongUsageException(String message) {
        super(message);
    }
}
