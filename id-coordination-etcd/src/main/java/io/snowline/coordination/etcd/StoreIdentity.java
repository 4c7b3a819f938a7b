package io.snowline.coordination.etcd;

import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Distinguishes one history of a store from another; it is kept in the store itself and compared in every step.
 *
 * <p>The cluster id changes with the cluster's token, but a snapshot may be restored under the old one. Raft's log
 * gives that away: each change of the keys is one entry of it and raises the revision by one, while other entries
 * (elections, leases, refused steps) do not. So {@code log index - revision} never falls until a snapshot is restored:
 * a restore keeps the revision (or raises it) and begins a new log at index 0.
 *
 * @param cluster the cluster's id
 * @param lead a lower bound of {@code log index - revision} when this was written; empty if no member reported it
 * @param token random, so that no two histories have the same
 * @param restored whether this identity replaced another, so that the store may have forgotten namespaces and their
 *     traces
 */
record StoreIdentity(long cluster, OptionalLong lead, String token, boolean restored) {

    private static final String RESTORED = ":restored";
    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{16}):(-?[0-9]{1,19}|unknown):([0-9a-f]{16})(" + RESTORED + ")?");

    static StoreIdentity fresh(long cluster, OptionalLong lead, boolean restored) {
        long random = ThreadLocalRandom.current().nextLong();
        return new StoreIdentity(cluster, lead, HexFormat.of().toHexDigits(random), restored);
    }

    /** Tells whether a written identity is {@link #restored}. */
    static boolean isRestored(String text) {
        return text.endsWith(RESTORED);
    }

    /** @throws IllegalArgumentException if the text is not a written identity */
    static StoreIdentity parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("it must be <cluster id>:<lead>:<token>, or that and " + RESTORED);
        }
        String lead = matcher.group(2);
        return new StoreIdentity(
                HexFormat.fromHexDigitsToLong(matcher.group(1)),
                lead.equals("unknown") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(lead)),
                matcher.group(3),
                matcher.group(4) != null);
    }

    @Override
    public String toString() {
        String written = lead.isPresent() ? Long.toString(lead.getAsLong()) : "unknown";
        return "%s:%s:%s%s".formatted(HexFormat.of().toHexDigits(cluster), written, token, restored ? RESTORED : "");
    }
}
