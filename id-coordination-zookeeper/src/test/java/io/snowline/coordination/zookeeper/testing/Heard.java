package io.snowline.coordination.zookeeper.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The log of a class, from now on until this is closed. */
public final class Heard extends Handler implements AutoCloseable {

    private final Logger logger;
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    private Heard(Logger logger) {
        this.logger = logger;
    }

    /** Starts listening to a class. */
    public static Heard from(Class<?> type) {
        Heard heard = new Heard(Logger.getLogger(type.getName()));
        heard.logger.addHandler(heard);
        heard.logger.setUseParentHandlers(false);
        return heard;
    }

    /** Returns the warnings so far. */
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().equals(Level.WARNING)) {
            warnings.add(entry.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.setUseParentHandlers(true);
        logger.removeHandler(this);
    }
}
