package io.snowline.lease;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.LeaseEvent.Kind;
import io.snowline.coordination.LeaseListener;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Writes lease events to the log, one line per change of state: renewals are logged at level DEBUG, and failures after
 * the first are left out. Whatever the log or the listener throws, an error of the virtual machine included, is at most
 * logged and has no other effect. Not thread-safe: one per lease keeper.
 */
final class LeaseLog implements LeaseListener {

    private final GuardedLogger log = new GuardedLogger(LeaseKeeper.class);
    private final LeaseListener next;

    /** The kind of the latest line that got through. */
    private @Nullable Kind latest;

    private boolean acquiredOnce;

    /** Creates a log that passes every event on. */
    LeaseLog(LeaseListener next) {
        this.next = next;
    }

    @Override
    public void onEvent(LeaseEvent event) {
        Kind kind = event.kind();
        boolean known = kind == latest && (kind == Kind.AT_RISK || kind == Kind.FAILED);
        if (!known) {
            acquiredOnce |= kind == Kind.ACQUIRED;
            Throwable about = kind == Kind.FAILED ? event.cause().orElse(null) : null;
            boolean told = log.log(levelOf(kind), () -> line(event), about);
            latest = told ? kind : null;
        }
        try {
            next.onEvent(event);
        } catch (Throwable e) {
            log.log(Level.ERROR, () -> "a lease listener failed on " + kind, e);
        }
    }

    private static String line(LeaseEvent event) {
        return "[" + event.namespace() + " " + event.label() + "] " + event.detail();
    }

    private Level levelOf(Kind kind) {
        return switch (kind) {
            case RENEWED -> Level.DEBUG;
            case ACQUIRED, CREATED, RECOVERED, RELEASED, WAITING -> Level.INFO;
            case FLOOR_RAISED -> acquiredOnce ? Level.WARNING : Level.INFO; // at startup the namespace may just be new
            case AT_RISK, LOST, AHEAD_RAISED -> Level.WARNING;
            case REFUSED, FAILED -> Level.ERROR;
        };
    }
}
