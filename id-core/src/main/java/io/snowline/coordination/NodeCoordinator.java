package io.snowline.coordination;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Atomic steps over a backend (Redis, ZooKeeper, etcd, a directory), and nothing else: no threads, no retries, no clock
 * of its own, no caching, no timers in the backend. The protocol that keeps IDs unique is written once, above this
 * interface, in {@code io.snowline.lease}; all that it requires of a coordinator is to keep the rules below.
 *
 * <table>
 * <caption>The contract; the kit in {@code id-coordination-tck} checks each rule by its number</caption>
 * <tr><th>rule</th><th>what must hold</th></tr>
 * <tr><td>C1 exact</td><td>{@link #replace} writes only if the namespace record, the node record (when the replacement
 *   names one) and the identity are exactly what the replacement expects, where "expected: none" means absent; otherwise
 *   it writes nothing at all</td></tr>
 * <tr><td>C2 atomic</td><td>comparing and writing are one step: of two replacements that expect the same, at most one
 *   is applied, however they interleave, and no reader ever sees half of a replacement</td></tr>
 * <tr><td>C3 kept</td><td>an applied change is visible to every later {@code replace}, also after the coordinator was
 *   closed and opened again; a coordinator never deletes, expires or lowers anything by itself</td></tr>
 * <tr><td>C4 answer</td><td>{@code replace} says whether it was applied and shows the state of the backend afterwards:
 *   the namespace record, the record of the node in question, identity and time. A refusal is an answer, not an
 *   exception</td></tr>
 * <tr><td>C5 unknown</td><td>if it is not certain whether a step was applied, or if the backend cannot be reached,
 *   {@link CoordinatorUnavailableException} is thrown; never a guess</td></tr>
 * <tr><td>C6 late</td><td>if the backend has a clock, a replacement is refused once that clock has passed its
 *   {@code notAfter}</td></tr>
 * <tr><td>C7 apart</td><td>namespaces do not affect each other, nor do the node ids of one namespace</td></tr>
 * <tr><td>C8 intact</td><td>records come back as they were written; anything unreadable under a coordinator's keys is
 *   reported by {@link UnreadableRecordException} and never overwritten</td></tr>
 * <tr><td>C9 lock</td><td>a lock has at most one holder, identified by a token; only the holder's token unlocks; an
 *   abandoned lock is free again after its expiry; names,
 *   tokens and expiries follow one rule</td></tr>
 * <tr><td>C10 ledger</td><td>of several attempts to record one ID, however they interleave, at most one is accepted
 *   while the record is kept; {@link #replaceAndRecord} records nothing if its step was not applied</td></tr>
 * <tr><td>C11 trace</td><td>a replacement with a {@link Trace} is applied only if the backend's trace is exactly that
 *   one, and the same step writes the token of its namespace record as the new trace; a trace outlives the records, no
 *   matter who deletes them, and no step that was held up while a namespace was deleted and created again is applied
 *   afterwards. A view's trace is never newer than its records</td></tr>
 * </table>
 *
 * <p>{@link #read(String)} may be stale; that costs a refused step but is never unsafe.
 *
 * <p>Implementations are thread-safe. Calls may block, for as long as the timeouts configured on the implementation's
 * factory allow. {@code toString} names the product and its address for humans, and no secret.
 */
public interface NodeCoordinator extends AutoCloseable {

    /**
     * Reads the records of a namespace.
     *
     * @return the namespace record, every node record, and the backend's time and identity
     * @throws CoordinatorUnavailableException if the backend did not answer; retrying helps
     * @throws UnreadableRecordException if something is there that is not Snowline's; retrying does not help
     */
    StoreView read(String namespace);

    /**
     * Reads the namespace record and some of the node records, for a process that looks for a node id among thousands.
     * Worth overriding where it is cheaper than reading all of them.
     *
     * @param part the node ids whose records must be in the answer; it may contain others
     * @return like {@link #read(String)}
     */
    default StoreView read(String namespace, NodeIdRange part) {
        return read(namespace);
    }

    /**
     * Replaces, in one atomic step, the namespace record, a node record, or both, provided that everything is still as
     * expected.
     *
     * @throws CoordinatorUnavailableException if it is unknown whether the step was applied; read again
     * @throws UnreadableRecordException if something is there that is not Snowline's; retrying does not help
     */
    Replaced replace(String namespace, Replacement replacement);

    /**
     * Replaces as {@link #replace} does and, if that was applied, records IDs in the namespace's ledger. Worth
     * overriding where one round trip can do both.
     *
     * @param ids the IDs to record, at least one, without repeats
     * @param keep how long the records are kept; empty: forever
     * @throws CoordinatorUnavailableException if it is unknown whether the step was applied or which IDs were recorded;
     *     none may be handed out
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
     * Returns a lock of a namespace. Costs nothing: the backend is only contacted when the lock is used.
     *
     * @param name the lock's name: 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}, starting with a letter or digit
     * @throws IllegalArgumentException if the name breaks that rule
     */
    DistributedLock lock(String namespace, String name);

    /** Returns the ledger of a namespace; empty if storing one record per ID would be a misuse of the backend. */
    Optional<IdLedger> ledger(String namespace);

    /** Returns which processes can share this coordinator's namespaces. */
    default Scope scope() {
        return Scope.NETWORK;
    }

    /**
     * Returns what an operator should know about how the backend is set up, in sentences: for example that it may evict
     * records. Empty if there is nothing to say.
     *
     * @throws CoordinatorUnavailableException if the backend did not answer
     */
    default List<String> advisories() {
        return List.of();
    }

    /** Closes connections and files. Does not release leases; closing again has no effect. */
    @Override
    void close();

    /** Which processes can share a coordinator's namespaces. */
    enum Scope {
        /** The processes of one machine. */
        MACHINE,
        /** Any process that can reach the backend. */
        NETWORK
    }
}
