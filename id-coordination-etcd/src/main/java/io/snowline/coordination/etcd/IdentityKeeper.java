package io.snowline.coordination.etcd;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Response;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.snowline.coordination.CoordinatorUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the store's identity under a key of its own, where every step compares it, and replaces it when the store's
 * history was cut. Three signs show that:
 *
 * <ul>
 *   <li>the cluster id is not the one in the identity: the data was moved to another cluster;
 *   <li>the log's index exceeds the revision by less than it did before: a snapshot was restored under the same cluster
 *       id. A member is asked for this at every read, so that even a process that knew nothing of the store before
 *       notices;
 *   <li>a request was answered with a lower revision than an earlier one, or with an identity that had been replaced:
 *       an older copy of the data was put back.
 * </ul>
 *
 * <p>An identity that replaced another says so, for processes that come later: the store may have forgotten namespaces
 * that were made after the backup, together with their traces.
 *
 * <p>Thread-safe.
 */
final class IdentityKeeper {

    private static final System.Logger LOG = System.getLogger(IdentityKeeper.class.getName());

    private final EtcdBackend backend;
    private final String key;
    private final AtomicReference<Seen> newest = new AtomicReference<>(new Seen(null, 0));
    private final Set<StoreIdentity> former = ConcurrentHashMap.newKeySet();

    IdentityKeeper(EtcdBackend backend, String prefix) {
        this.backend = backend;
        this.key = EtcdKeys.identity(prefix);
    }

    /**
     * Returns what this process knows now. Call it before a request: only answers to later requests must not fall
     * behind it.
     */
    Seen seen() {
        return newest.get();
    }

    Op get() {
        return Op.get(EtcdKeys.bytes(key), GetOption.DEFAULT);
    }

    Cmp is(String identity) {
        return new Cmp(EtcdKeys.bytes(key), Cmp.Op.EQUAL, CmpTarget.value(EtcdKeys.bytes(identity)));
    }

    /**
     * Takes the answer to a read; makes or replaces the identity if necessary.
     *
     * @param entry what {@link #get} has found
     * @param before what was known before the request
     * @return the identity that holds for everything in this answer; empty if it had to be made or replaced: read again
     */
    Optional<StoreIdentity> settle(Optional<KeyValue> entry, Response.Header header, Seen before) {
        if (entry.isEmpty()) {
            create();
            return Optional.empty();
        }
        StoreIdentity identity = EtcdRecords.identity(entry.get());
        Optional<String> cut = cut(identity, header, before);
        if (cut.isEmpty()) {
            cut = restored(identity, entry.get().getModRevision());
        }
        if (cut.isPresent()) {
            replace(identity, cut.get());
            return Optional.empty();
        }
        saw(identity, header.getRevision(), before);
        return Optional.of(identity);
    }

    /**
     * Takes the answer to a step.
     *
     * @throws CoordinatorUnavailableException if the store's history was cut: reading again replaces the identity
     */
    StoreIdentity requireWhole(Optional<KeyValue> entry, Response.Header header, Seen before) {
        if (entry.isEmpty()) {
            throw new CoordinatorUnavailableException(
                    "%s has lost its key %s; read again to have it made anew".formatted(backend, key));
        }
        StoreIdentity identity = EtcdRecords.identity(entry.get());
        cut(identity, header, before).ifPresent(why -> {
            throw new CoordinatorUnavailableException("%s may have lost records: %s".formatted(backend, why));
        });
        saw(identity, header.getRevision(), before);
        return identity;
    }

    /**
     * Tells whether a namespace that has neither record nor trace in the store may have been made nevertheless, as far
     * as this process can tell.
     *
     * @param identity the store's identity
     */
    boolean mayHaveForgotten(String identity) {
        return StoreIdentity.isRestored(identity) || !former.isEmpty();
    }

    private Optional<String> cut(StoreIdentity identity, Response.Header header, Seen before) {
        if (header.getClusterId() != identity.cluster()) {
            return Optional.of("its records come from cluster %016x, and this is cluster %016x"
                    .formatted(identity.cluster(), header.getClusterId()));
        }
        if (identity.equals(before.identity()) && header.getRevision() < before.revision()) {
            return Optional.of(
                    "its revision went back from %s to %s".formatted(before.revision(), header.getRevision()));
        }
        if (former.contains(identity)) {
            return Optional.of("its identity went back to " + identity);
        }
        return Optional.empty();
    }

    /** Asks a member that has the identity's entry, and so is not behind it, for its log index and its revision. */
    private Optional<String> restored(StoreIdentity identity, long written) {
        Optional<StatusResponse> status = identity.lead().isPresent() ? status(written) : Optional.empty();
        if (status.isEmpty()) {
            return Optional.empty();
        }
        long index = status.get().getRaftIndex();
        long revision = status.get().getHeader().getRevision();
        if (index - revision < identity.lead().orElseThrow()) {
            return Optional.of("it was restored from a snapshot, since its log is at %s and its revision at %s"
                    .formatted(index, revision));
        }
        return Optional.empty();
    }

    private Optional<StatusResponse> status(long minRevision) {
        for (Endpoint endpoint : backend.endpoints()) {
            try {
                StatusResponse status = backend.status(endpoint);
                if (status.getHeader().getRevision() >= minRevision && status.getLeader() != 0) {
                    return Optional.of(status);
                }
            } catch (CoordinatorUnavailableException e) {
                LOG.log(System.Logger.Level.DEBUG, endpoint + " did not say where its log is", e);
            }
        }
        return Optional.empty();
    }

    /** Makes the first identity; or, if this process has seen one here before, the next one. */
    private void create() {
        write(
                new Cmp(EtcdKeys.bytes(key), Cmp.Op.EQUAL, CmpTarget.version(0)),
                newest.get().identity() != null);
    }

    private void replace(StoreIdentity outdated, String why) {
        if (write(is(outdated.toString()), true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} may have lost records, since {1}: every namespace in it begins a new incarnation",
                    backend,
                    why);
        }
    }

    /**
     * Writes a fresh identity. The log's index is read first and the revision second, so that the difference written is
     * no larger than the actual one, and a later comparison cannot fail by mistake.
     */
    private boolean write(Cmp condition, boolean restored) {
        OptionalLong index =
                status(0).stream().mapToLong(StatusResponse::getRaftIndex).findFirst();
        Response.Header header = backend.read(get()).getHeader();
        OptionalLong lead =
                index.isPresent() ? OptionalLong.of(index.getAsLong() - header.getRevision()) : OptionalLong.empty();
        StoreIdentity fresh = StoreIdentity.fresh(header.getClusterId(), lead, restored);
        Op put = Op.put(EtcdKeys.bytes(key), EtcdKeys.bytes(fresh.toString()), PutOption.DEFAULT);
        TxnResponse answer = backend.transact(List.of(condition), List.of(put), List.of());
        return answer.isSucceeded();
    }

    private void saw(StoreIdentity identity, long revision, Seen before) {
        newest.updateAndGet(now -> {
            if (identity.equals(now.identity())) {
                return new Seen(identity, Math.max(now.revision(), revision));
            }
            // An answer that another thread has overtaken does not show which of the two came first.
            return now.equals(before) || now.identity() == null ? new Seen(identity, revision) : now;
        });
        StoreIdentity last = before.identity();
        if (last != null
                && !last.equals(identity)
                && identity.equals(newest.get().identity())) {
            former.add(last);
        }
    }

    /** The newest revision that this process has seen, and under which identity. */
    record Seen(@Nullable StoreIdentity identity, long revision) {}
}
