package io.snowline.coordination.etcd;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The members of the cluster, and which of them to ask. They are asked in turn, so that endpoints of different clusters
 * do not go unnoticed. One that failed is left out until it answers a probe, unless it is the only one left. A probe is
 * a read whose answer no step waits for.
 *
 * <p>Thread-safe. There is one line in the log when a member is left out, and one when it is asked again.
 */
final class Members implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Members.class.getName());
    private static final long PROBE_EVERY_NANOS = Duration.ofSeconds(3).toNanos();

    private final List<Member> all;
    private final AtomicInteger turn = new AtomicInteger();

    /** The members that are left out, and when they were probed last. */
    @GuardedBy("this")
    private final Map<Member, Long> leftOut = new LinkedHashMap<>();

    Members(List<Member> all) {
        this.all = List.copyOf(all);
    }

    /** Returns all members, in the order in which to ask them: those that are left out come last. */
    synchronized List<Member> inTurn() {
        List<Member> out = List.copyOf(leftOut.keySet());
        int first = Math.floorMod(turn.getAndIncrement(), all.size());
        List<Member> order = IntStream.range(0, all.size())
                .mapToObj(i -> all.get((first + i) % all.size()))
                .filter(member -> !out.contains(member))
                .collect(Collectors.toCollection(ArrayList::new));
        order.addAll(out);
        return order;
    }

    /** Returns the member at an endpoint. */
    Member at(Endpoint endpoint) {
        return all.stream()
                .filter(member -> member.serves(endpoint))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the members to probe now. */
    synchronized List<Member> due() {
        long now = System.nanoTime();
        List<Member> due = leftOut.entrySet().stream()
                .filter(entry -> now - entry.getValue() >= PROBE_EVERY_NANOS)
                .map(Map.Entry::getKey)
                .toList();
        due.forEach(member -> leftOut.put(member, now));
        return due;
    }

    /** Leaves a member out, if there is another to ask. */
    void failed(Member member, String why) {
        String others = leaveOut(member);
        if (others.isEmpty()) {
            return;
        }
        LOG.log(System.Logger.Level.WARNING, () -> why + "; until it answers again, steps go to " + others);
    }

    /** Returns the members that are left; an empty text if nothing has changed. */
    private synchronized String leaveOut(Member member) {
        if (leftOut.containsKey(member) || leftOut.size() + 1 >= all.size()) {
            return "";
        }
        leftOut.put(member, System.nanoTime());
        List<Member> out = List.copyOf(leftOut.keySet());
        return all.stream()
                .filter(other -> !out.contains(other))
                .map(Member::toString)
                .collect(Collectors.joining(", "));
    }

    /** Takes a member in again, if it was left out. */
    void answered(Member member) {
        boolean wasOut;
        synchronized (this) {
            wasOut = leftOut.remove(member) != null;
        }
        if (wasOut) {
            LOG.log(System.Logger.Level.INFO, () -> member + " answers again; steps go to it as well");
        }
    }

    @Override
    public void close() {
        all.forEach(Member::close);
    }
}
