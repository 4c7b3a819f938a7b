package io.snowline.coordination.etcd;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.support.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * One key for each ID, holding the time at which it was recorded, by the clock of the process that recorded it, since
 * etcd has none. Thread-safe.
 */
final class EtcdLedger implements IdLedger {

    /** How many IDs go into one transaction: etcd takes 128 operations unless configured otherwise. */
    static final int CHUNK = 100;

    private final EtcdBackend backend;
    private final SharedLeases leases;
    private final EtcdKeys keys;
    private final LedgerBound bound;

    EtcdLedger(EtcdBackend backend, SharedLeases leases, EtcdKeys keys, LedgerBound bound) {
        this.backend = backend;
        this.leases = leases;
        this.keys = keys;
        this.bound = bound;
    }

    @Override
    public long[] record(long[] ids, Optional<Duration> keep) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("ids must be at least one, got none");
        }
        keep.ifPresent(duration -> Checks.requireKeepable("keep", duration));
        List<Long> all = LongStream.of(ids).boxed().toList();
        Set<Long> known = new HashSet<>();
        for (int from = 0; from < ids.length; from += CHUNK) {
            recordChunk(all.subList(from, Math.min(from + CHUNK, ids.length)), keep, known);
        }
        return LongStream.of(ids).filter(known::contains).toArray();
    }

    private void recordChunk(List<Long> chunk, Optional<Duration> keep, Set<Long> known) {
        bound.require(chunk.size(), toString(), this::count);
        List<Long> rest = chunk;
        while (!rest.isEmpty()) {
            List<Long> ids = rest;
            Set<Long> there = keep.map(duration -> leases.lasting(duration, option -> recordAll(ids, option)))
                    .orElseGet(() -> recordAll(ids, PutOption.DEFAULT));
            if (there.isEmpty()) {
                return;
            }
            known.addAll(there);
            rest = ids.stream().filter(id -> !there.contains(id)).toList();
        }
    }

    /** Records all of these IDs, or none; returns those that exist already. */
    private Set<Long> recordAll(List<Long> ids, PutOption option) {
        String now = Long.toString(System.currentTimeMillis());
        List<Cmp> absent = ids.stream()
                .map(id -> new Cmp(EtcdKeys.bytes(keys.ledger(id)), Cmp.Op.EQUAL, CmpTarget.version(0)))
                .toList();
        List<Op> puts = ids.stream()
                .<Op>map(id -> Op.put(EtcdKeys.bytes(keys.ledger(id)), EtcdKeys.bytes(now), option))
                .toList();
        GetOption keysOnly = GetOption.builder().withKeysOnly(true).build();
        List<Op> gets = ids.stream()
                .<Op>map(id -> Op.get(EtcdKeys.bytes(keys.ledger(id)), keysOnly))
                .toList();
        TxnResponse answer = backend.transact(absent, puts, gets);
        if (answer.isSucceeded()) {
            return Set.of();
        }
        Set<Long> there = answer.getGetResponses().stream()
                .flatMap(found -> found.getKvs().stream())
                .map(entry -> Long.parseLong(
                        EtcdKeys.text(entry.getKey()).substring(keys.ledger().length())))
                .collect(Collectors.toSet());
        if (there.isEmpty()) {
            throw new CoordinatorUnavailableException(
                    "%s refused to record IDs and shows none of them".formatted(backend));
        }
        return there;
    }

    private long count() {
        GetOption countOnly =
                GetOption.builder().isPrefix(true).withCountOnly(true).build();
        return backend.read(Op.get(EtcdKeys.bytes(keys.ledger()), countOnly))
                .getGetResponses()
                .get(0)
                .getCount();
    }

    @Override
    public Optional<Instant> recordedAt(long id) {
        GetResponse found = backend.read(Op.get(EtcdKeys.bytes(keys.ledger(id)), GetOption.DEFAULT))
                .getGetResponses()
                .get(0);
        return found.getKvs().stream().findFirst().map(EtcdLedger::instant);
    }

    private static Instant instant(KeyValue entry) {
        try {
            return Instant.ofEpochMilli(Long.parseLong(EtcdKeys.text(entry.getValue())));
        } catch (NumberFormatException e) {
            throw EtcdRecords.unreadable(entry, "it must hold the milliseconds of its recording", e);
        }
    }

    @Override
    public String toString() {
        return "the ledger of namespace '%s' in %s".formatted(keys.namespace(), backend);
    }
}
