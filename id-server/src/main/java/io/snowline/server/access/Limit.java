package io.snowline.server.access;

/** The bounds at which requests are refused. */
public enum Limit {
    /** Wrong tokens from one address. */
    FAILED_LOGINS,
    /** IDs per second for one client of a namespace. */
    IDS_PER_SECOND,
    /** IDs per day for one client of a namespace in recorded mode. */
    IDS_PER_DAY,
    /** The octets of all answers that are being prepared and sent. */
    ANSWERS_IN_FLIGHT,
    /** Look-ups of records that run at the same time. */
    LOOK_UPS
}
