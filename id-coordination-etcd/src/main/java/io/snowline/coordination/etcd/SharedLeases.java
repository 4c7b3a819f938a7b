package io.snowline.coordination.etcd;

import io.etcd.jetcd.lease.LeaseGrantResponse;
import io.etcd.jetcd.options.PutOption;
import io.snowline.coordination.CoordinatorUnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * etcd's leases for keys that expire, shared by all keys that are written within a while and kept equally long: a
 * separate lease for each would cost etcd more than the keys. A shared lease is granted for a quarter longer than asked
 * for, but for an hour more at most, and is used for new keys until half of that spare time has passed; the other half
 * is left for the write. So a key lasts at least as long as asked for, and at most a quarter or two seconds longer,
 * plus the time until etcd's own tick; an election in etcd starts all leases anew.
 *
 * <p>Leases are never kept alive and never revoked. Thread-safe.
 */
final class SharedLeases {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MOST_SPARE_SECONDS = Duration.ofHours(1).toSeconds();

    private final EtcdBackend backend;
    private final Map<Duration, Shared> leases = new ConcurrentHashMap<>();

    SharedLeases(EtcdBackend backend) {
        this.backend = backend;
    }

    /**
     * Writes keys that last at least as long as given.
     *
     * @param write writes them with the options given
     * @return what {@code write} returned
     * @throws CoordinatorUnavailableException if {@code write} threw it, no lease could be obtained, or too much of it
     *     had passed when the answer came
     */
    <T> T lasting(Duration keep, Function<PutOption, T> write) {
        Shared lease = lease(keep);
        T answer;
        try {
            answer = write.apply(lease.option());
        } catch (CoordinatorUnavailableException e) {
            leases.remove(keep, lease);
            if (!EtcdFailures.leaseIsGone(e)) {
                throw e;
            }
            // After a restore, or a pause of this process. etcd refused the write, so that writing again writes only
            // once.
            lease = lease(keep);
            answer = write.apply(lease.option());
        }
        if (!lease.sufficed()) {
            throw new CoordinatorUnavailableException(
                    "%s took so long that what it wrote may not last for %s".formatted(backend, keep));
        }
        return answer;
    }

    private Shared lease(Duration keep) {
        Shared lease = leases.get(keep);
        if (lease == null || !lease.suffices()) {
            lease = grant(keep);
            leases.values().removeIf(other -> !other.suffices());
            leases.put(keep, lease);
        }
        return lease;
    }

    private Shared grant(Duration keep) {
        long seconds = keep.plusSeconds(1).minusNanos(1).toSeconds();
        long spare = Math.min(MOST_SPARE_SECONDS, Math.max(1, seconds / 4));
        long asked = System.nanoTime();
        LeaseGrantResponse granted =
                backend.ask(client -> client.getLeaseClient().grant(seconds + spare));
        return new Shared(granted.getID(), asked, (granted.getTTL() - seconds) * SECOND);
    }

    /**
     * A lease.
     *
     * @param askedNanos when it was asked for: it runs from then or later
     * @param spareNanos for how long after that keys may be written with it
     */
    private record Shared(long id, long askedNanos, long spareNanos) {

        /** Tells whether a write that begins now ends in time, unless it takes long. */
        boolean suffices() {
            return System.nanoTime() - askedNanos < spareNanos / 2;
        }

        /** Tells whether what was written until now lasts long enough. */
        boolean sufficed() {
            return System.nanoTime() - askedNanos < spareNanos;
        }

        PutOption option() {
            return PutOption.builder().withLeaseId(id).build();
        }
    }
}
