package io.snowline.spring;

import io.snowline.id.IdGenerator;
import io.snowline.id.IdLayout;
import io.snowline.id.IdUnavailableException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The generator of a namespace, as a bean: counts what it issues, and can be started again after it was closed, as
 * Spring does with a context that is paused or restored from a checkpoint.
 *
 * <p>Thread-safe.
 */
final class NamespaceIds implements IdGenerator {

    private final String namespace;
    private final GeneratorSource source;
    private final LeaseEvents events = new LeaseEvents();
    private final LongAdder issued = new LongAdder();
    private final Map<IdUnavailableException.Reason, LongAdder> refused =
            new EnumMap<>(IdUnavailableException.Reason.class);

    /** After a stop, the generator that was closed: it refuses every call. */
    private volatile Issuing issuing;

    private boolean running = true;

    /** Starts the generator. */
    NamespaceIds(String namespace, GeneratorSource source) {
        this.namespace = namespace;
        this.source = source;
        for (IdUnavailableException.Reason reason : IdUnavailableException.Reason.values()) {
            refused.put(reason, new LongAdder());
        }
        issuing = source.start(namespace, events);
    }

    @Override
    public long nextId() {
        long id;
        try {
            id = issuing.ids().nextId();
        } catch (IdUnavailableException e) {
            count(e);
            throw e;
        }
        issued.increment();
        return id;
    }

    @Override
    public void nextIds(long[] ids) {
        try {
            issuing.ids().nextIds(ids);
        } catch (IdUnavailableException e) {
            count(e);
            throw e;
        }
        issued.add(ids.length);
    }

    private void count(IdUnavailableException why) {
        LongAdder counter = refused.get(why.reason());
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public IdLayout layout() {
        return issuing.ids().layout();
    }

    /** Starts the generator again, if it was closed. */
    synchronized void start() {
        if (!running) {
            issuing = source.start(namespace, events);
            running = true;
        }
    }

    @Override
    public synchronized void close() {
        running = false;
        issuing.ids().close();
    }

    String namespace() {
        return namespace;
    }

    /** Returns the generator that is running now, or was running last. */
    Issuing issuing() {
        return issuing;
    }

    LeaseEvents events() {
        return events;
    }

    LongAdder issued() {
        return issued;
    }

    Map<IdUnavailableException.Reason, LongAdder> refused() {
        return refused;
    }

    @Override
    public String toString() {
        return "IDs of namespace '%s' from %s".formatted(namespace, source);
    }
}
