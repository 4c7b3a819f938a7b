package io.snowline.coordination;

/**
 * A listener for lease events, for logs and metrics.
 *
 * <p>Called on the lease keeper's thread, one event at a time per lease; must return quickly. Anything it throws,
 * errors included, is logged and has no other effect.
 */
@FunctionalInterface
public interface LeaseListener {

    /** Called for each event. */
    void onEvent(LeaseEvent event);
}
