package io.snowline.dropwizard;

import java.util.List;

/**
 * A counter or gauge of each namespace. In Dropwizard's registry its names are {@code snowline.<metric>.<namespace>}, where
 * a metric that comes in kinds carries the kind after its name: {@code snowline.refused.no_free_node.orders}. The constants
 * are those of IDs and leases; the server has more, of its calls.
 *
 * <p>Immutable and thread-safe.
 *
 * @param text its name alone, such as {@code node_id}
 * @param counter whether its value only grows, from the start of the process
 * @param kind what its kinds are, such as {@code reason}; empty if it has none
 * @param help what it means, in a few words
 */
public record NamespaceMetric(String text, boolean counter, String kind, String help) {

    public static final NamespaceMetric ISSUED = counter("issued", "IDs handed out, as such or in ranges");
    public static final NamespaceMetric REFUSED =
            new NamespaceMetric("refused", true, "reason", "Requests that got no ID, by reason");
    public static final NamespaceMetric RENEWALS =
            counter("renewals", "Windows reserved or extended; in recorded mode rounds, and reads of the backend");
    public static final NamespaceMetric RENEWAL_FAILURES =
            counter("renewal_failures", "Calls to the backend that failed");

    /** Each is a defect, or a lack of memory. */
    public static final NamespaceMetric KEEPER_FAILURES =
            counter("keeper_failures", "Unexpected failures of the code that renews windows");

    public static final NamespaceMetric LOST = counter("lost", "Node ids lost to another owner");
    public static final NamespaceMetric FLOORS_RAISED = counter(
            "floors_raised",
            "Times that the backend may have lost something, or could not tell that the namespace is new");

    /** Shown by a gauge of Dropwizard's; must stay 0; recorded mode. */
    public static final NamespaceMetric LEDGER_REFUSALS = counter("ledger_refusals", "IDs that the ledger had already");

    public static final NamespaceMetric READY = gauge("ready", "1 if IDs can be issued, else 0");

    /** Leased mode. */
    public static final NamespaceMetric LEASE_REMAINING_SECONDS =
            gauge("lease_remaining_seconds", "How long IDs can be issued without the backend, at least");

    /** Leased mode. */
    public static final NamespaceMetric LEAD_SECONDS =
            gauge("lead_seconds", "How far the newest stamped tick is ahead of the wall clock");

    public static final NamespaceMetric NODE_ID =
            new NamespaceMetric("node_id", false, "lane", "The node id held, -1 for none");
    public static final NamespaceMetric YEARS_LEFT =
            gauge("years_left", "Years of timestamps that the layout has left");

    /** All of these. */
    public static final List<NamespaceMetric> ALL = List.of(
            ISSUED,
            REFUSED,
            RENEWALS,
            RENEWAL_FAILURES,
            KEEPER_FAILURES,
            LOST,
            FLOORS_RAISED,
            LEDGER_REFUSALS,
            READY,
            LEASE_REMAINING_SECONDS,
            LEAD_SECONDS,
            NODE_ID,
            YEARS_LEFT);

    /** What the names of all of them begin with. */
    public static final String PREFIX = "snowline.";

    /** Returns a counter without kinds. */
    public static NamespaceMetric counter(String text, String help) {
        return new NamespaceMetric(text, true, "", help);
    }

    private static NamespaceMetric gauge(String text, String help) {
        return new NamespaceMetric(text, false, "", help);
    }

    /** Returns its name in Dropwizard's registry, if it has no kinds. */
    public String of(String namespace) {
        return PREFIX + text + "." + namespace;
    }

    /** Returns its name in Dropwizard's registry, if it has kinds. */
    public String of(String kindOf, String namespace) {
        return PREFIX + text + "." + kindOf + "." + namespace;
    }
}
