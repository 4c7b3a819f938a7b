package io.snowline.coordination;

import java.lang.System.Logger.Level;

/**
 * Writes lease events to the log, one line for one change of state: renewals, and failures after the first, are left
 * out. Not safe for use by many threads: one per lease keeper.
 */
final class LeaseLog implements LeaseListener {

    private static final System.Logger LOG = System.getLogger(LeaseKeeper.class.getName());

    private final LeaseListener next;
    private boolean atRisk;
    private boolean acquiredOnce;

    /** Makes a log that passes every event on. */
    LeaseLog(LeaseListener next) {
        this.next = next;
    }

    @Override
    public void onEvent(LeaseEvent event) {
        boolean known = atRisk && event.kind() == LeaseEvent.Kind.AT_RISK;
        atRisk = event.kind() == LeaseEvent.Kind.AT_RISK;
        if (!known) {
            acquiredOnce |= event.kind() == LeaseEvent.Kind.ACQUIRED;
            LOG.log(levelOf(event.kind()), () -> "[" + event.namespace() + " " + event.label() + "] " + event.detail());
        }
        try {
            next.onEvent(event);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a lease listener failed on " + event.kind(), e);
        }
    }

    private Level levelOf(LeaseEvent.Kind kind) {
        return switch (kind) {
            case RENEWED -> Level.DEBUG;
            case ACQUIRED, CREATED, RECOVERED, RELEASED, WAITING -> Level.INFO;
            case FLOOR_RAISED -> acquiredOnce ? Level.WARNING : Level.INFO; // at a start the namespace may just be new
            case AT_RISK, LOST, AHEAD_RAISED -> Level.WARNING;
            case REFUSED -> Level.ERROR;
        };
    }
}
