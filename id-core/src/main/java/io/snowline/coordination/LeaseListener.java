package io.snowline.coordination;

/**
 * Hears what happens to leases, for logs and metrics.
 *
 * <p>Called on the lease keeper's thread, one event at a time per lease; must return quickly. What it throws, errors
 * included, is logged and changes nothing.
 */
@FunctionalInterface
public interface LeaseListener {

    /** Hears one event. */
    void onEvent(LeaseEvent event);
}
