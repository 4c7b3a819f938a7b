package io.snowline.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.snowline.server.testing.ServerProcess.Result;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs commands of the server inside this process, as {@link SnowlineApplication#main} would.
 *
 * <p>Not thread-safe: meanwhile, what this process prints is the command's.
 */
final class Commands {

    private Commands() {}

    /** Runs a command to its end; relative paths are those of this process. */
    static Result run(String... arguments) throws Exception {
        AtomicInteger status = new AtomicInteger();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream ownOut = System.out;
        PrintStream ownErr = System.err;
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
        try {
            new SnowlineApplication(status::set).run(arguments);
        } finally {
            System.setOut(ownOut);
            System.setErr(ownErr);
        }
        return new Result(status.get(), out.toString(UTF_8), err.toString(UTF_8));
    }
}
