package io.snowline.server.issuing;

import java.util.Locale;

/**
 * The counters and gauges of a namespace. In Dropwizard's registry their names are
 * {@code snowline.<metric>.<namespace>}, where a metric that comes in kinds carries the kind after its name:
 * {@code snowline.refused.no_free_node.orders}.
 */
public enum NamespaceMetric {
    /** Counter. */
    ISSUED(true, "", "IDs handed out, as such or in ranges"),
    /** Counter; leased mode. */
    RANGES(true, "", "Ranges handed out"),
    /** Counter. */
    ISSUED_TO(true, "token", "IDs handed out to those who sent a token of that name"),
    /** Counter. */
    ANSWERS(true, "status", "Answers over HTTP, by the class of their status"),
    /** Counter. */
    UNAUTHORIZED(true, "", "Requests without one of the namespace's tokens"),
    /** Counter. */
    LIMITED(true, "limit", "Requests refused because of a limit"),
    /** Counter. */
    REFUSED(true, "reason", "Requests that got no ID, by reason"),
    /** Counter. */
    RENEWALS(true, "", "Windows reserved or extended; in recorded mode rounds, and reads of the backend"),
    /** Counter. */
    RENEWAL_FAILURES(true, "", "Calls to the backend that failed"),
    /** Counter. Each is a defect, or a lack of memory. */
    KEEPER_FAILURES(true, "", "Unexpected failures of the code that renews windows"),
    /** Counter. */
    LOST(true, "", "Node ids lost to another owner"),
    /** Counter. */
    FLOORS_RAISED(
            true, "", "Times that the backend may have lost something, or could not tell that the namespace is new"),
    /** Counter, shown by a gauge of Dropwizard's; must stay 0; recorded mode. */
    LEDGER_REFUSALS(true, "", "IDs that the ledger had already"),
    /** Gauge. */
    READY(false, "", "1 if IDs can be issued, else 0"),
    /** Gauge; leased mode. */
    LEASE_REMAINING_SECONDS(false, "", "How long IDs can be issued without the backend, at least"),
    /** Gauge; leased mode. */
    LEAD_SECONDS(false, "", "How far the newest stamped tick is ahead of the wall clock"),
    /** Gauge. */
    NODE_ID(false, "lane", "The node id held, -1 for none"),
    /** Gauge. */
    YEARS_LEFT(false, "", "Years of timestamps that the layout has left");

    /** What the names of all of them begin with. */
    public static final String PREFIX = "snowline.";

    private final boolean counter;
    private final String kind;
    private final String help;

    NamespaceMetric(boolean counter, String kind, String help) {
        this.counter = counter;
        this.kind = kind;
        this.help = help;
    }

    /** Tells whether its value only grows, from the start of the process. */
    public boolean counter() {
        return counter;
    }

    /** Returns what its kinds are, such as {@code reason}; empty if it has none. */
    public String kind() {
        return kind;
    }

    /** Returns what it means, in a few words. */
    public String help() {
        return help;
    }

    /** Returns its name alone, such as {@code node_id}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns its name in Dropwizard's registry, if it has no kinds. */
    String of(String namespace) {
        return PREFIX + text() + "." + namespace;
    }

    /** Returns its name in Dropwizard's registry, if it has kinds. */
    String of(String kind, String namespace) {
        return PREFIX + text() + "." + kind + "." + namespace;
    }
}
