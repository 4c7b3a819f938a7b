package io.snowline.coordination;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Atomic steps over a backend (Redis, ZooKeeper, etcd, a directory), and nothing else: no threads, no retries, no clock
 * of its own, no caching, no timers in the backend. The protocol that keeps IDs unique is written once, above this
 * interface, in {@code io.snowline.lease}; a coordinator that keeps the rules below is all that it asks for.
 *
 * <table>
 * <caption>The contract; the kit in {@code id-coordination-tck} checks each rule by its number</caption>
 * <tr><th>rule</th><th>what must hold</th></tr>
 * <tr><td>C1 exact</td><td>{@link #replace} writes only if the namespace record, the node record (when the replacement
 *   names one) and the identity are exactly what the replacement expects, where "expected: none" means absent; otherwise
 *   it writes nothing at all</td></tr>
 * <tr><td>C2 atomic</td><td>comparing and writing are one step: of two replacements that expect the same, at most one
 *   is applied, however they interleave, and nobody ever sees one half of a replacement</td></tr>
 * <tr><td>C3 kept</td><td>what was applied is there for every later {@code replace}, also after closing and opening
 *   again; a coordinator never deletes, expires or lowers anything by itself</td></tr>
 * <tr><td>C4 answer</td><td>{@code replace} says whether it was applied and shows what the backend holds afterwards: the
 *   namespace record, the record of the node in question, identity and time. A refusal is an answer, not an
 *   exception</td></tr>
 * <tr><td>C5 unknown</td><td>whenever it is not certain whether a step was applied, and when the backend cannot be
 *   reached, {@link CoordinatorUnavailableException} is thrown; never a guess</td></tr>
 * <tr><td>C6 late</td><td>where the backend has a clock, a replacement whose {@code notAfter} has passed on it is
 *   refused</td></tr>
 * <tr><td>C7 apart</td><td>namespaces do not touch each other, nor do node ids of one namespace</td></tr>
 * <tr><td>C8 intact</td><td>records come back as they were written; anything under a coordinator's keys that it cannot
 *   read is reported by {@link UnreadableRecordException} and never overwritten</td></tr>
 * <tr><td>C9 lock</td><td>a lock has at most one holder, told by a token; only the holder's token unlocks; an abandoned
 *   lock is free again after its expiry</td></tr>
 * <tr><td>C10 ledger</td><td>of several attempts to record one ID, however they interleave, at most one is accepted
 *   while the record is kept; {@link #replaceAndRecord} records nothing if its step was not applied</td></tr>
 * <tr><td>C11 trace</td><td>a replacement with a {@link Trace} is applied only if the backend's trace is exactly that, and
 *   writes, in the same step, the token of its namespace record as the new one; a trace outlives the records, whoever deletes
 *   them, and no step that was held up while a namespace was deleted and made anew is applied afterwards. A view's trace is
 *   never newer than its records</td></tr>
 * </table>
 *
 * <p>{@link #read(String)} may be stale; that costs a refused step and is never unsafe.
 *
 * <p>Implementations are safe for use by many threads. Calls may block, for as long as the timeouts that are configured
 * on the implementation's factory allow. {@code toString} names product and address for people, and no secret.
 */
public interface NodeCoordinator extends AutoCloseable {

    /**
     * Reads the records of a namespace.
     *
     * @return what the backend holds: every node record, the backend's time and identity
     * @throws CoordinatorUnavailableException if the backend did not answer; retrying helps
     * @throws UnreadableRecordException if something is there that is not Snowline's; retrying does not help
     */
    StoreView read(String namespace);

    /**
     * Reads the namespace record and some of the node records: what a process asks that looks for a node id among
     * thousands. Worth overriding where it is cheaper than reading all of them.
     *
     * @param part the node ids whose records must be in the answer; others may be
     * @return like {@link #read(String)}
     */
    default StoreView read(String namespace, NodeIdRange part) {
        return read(namespace);
    }

    /**
     * Replaces, in one atomic step, the namespace record, a node record, or both, if everything is still as expected.
     *
     * @throws CoordinatorUnavailableException if it is unknown whether the step was applied; read again
     * @throws UnreadableRecordException if something is there that is not Snowline's; retrying does not help
     */
    Replaced replace(String namespace, Replacement replacement);

    /**
     * Replaces as {@link #replace} does and, if that was applied, records IDs in the namespace's ledger. Worth overriding
     * where one round trip does both.
     *
     * @param ids the IDs to record, at least one, without repeats
     * @param keep how long the records are kept; empty: for ever
     * @throws CoordinatorUnavailableException if it is unknown whether the step was applied or what was recorded; the IDs
     *     must not be handed out
     * @throws UnreadableRecordException if something is there that is not Snowline's; retrying does not help
     * @throws UnsupportedOperationException if there is no ledger
     */
    default Recorded replaceAndRecord(String namespace, Replacement replacement, long[] ids, Optional<Duration> keep) {
        IdLedger ledger =
                ledger(namespace).orElseThrow(() -> new UnsupportedOperationException(this + " has no ledger"));
        Replaced replaced = replace(namespace, replacement);
        return new Recorded(replaced, replaced.applied() ? ledger.record(ids, keep) : new long[0]);
    }

    /**
     * Returns a lock of a namespace. Costs nothing; the backend is asked when the lock is.
     *
     * @param name what is locked: letters, digits, {@code .}, {@code _} and {@code -}
     */
    DistributedLock lock(String namespace, String name);

    /** Returns the ledger of a namespace, or nothing where one record per ID would be a misuse of the backend. */
    Optional<IdLedger> ledger(String namespace);

    /** Returns who can share this coordinator's namespaces. */
    default Scope scope() {
        return Scope.NETWORK;
    }

    /**
     * Returns what an operator should know about how the backend is set up, in sentences: for example that it may evict
     * records. Empty when there is nothing to say.
     *
     * @throws CoordinatorUnavailableException if the backend did not answer
     */
    default List<String> advisories() {
        return List.of();
    }

    /** Frees connections and files. Leases are not released by this; repeating it does nothing. */
    @Override
    void close();

    /** Who can share a coordinator's namespaces. */
    enum Scope {
        /** The processes of one machine. */
        MACHINE,
        /** Any process that reaches the backend. */
        NETWORK
    }
}
