package io.snowline.coordination;

/**
 * A listener for lease events, for logs and metrics.
 *
 * <p>Called on the thread that reserves: in leased mode the lease keeper's, one event at a time per lease; in recorded mode several
 * threads. Must return quickly. Anything it throws,
 * errors included, is logged and has no other effect.
 */
@FunctionalInterface
public interface LeaseListener {

    /** Called for each event. */
    void onEvent(LeaseEvent event);
}
