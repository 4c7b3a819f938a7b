package io.snowline.coordination.redis;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Recorded;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Atomic steps over Redis, each one Lua script and one round trip. A namespace is one hash, so that losing part of it
 * means losing all of it; the identity, {@code run_id:master_replid}, shows when that may have happened. Namespaces
 * leave no trace: whatever wipes a Redis would wipe the traces as well.
 *
 * <p>Thread-safe.
 */
final class RedisCoordinator implements NodeCoordinator {

    private final RedisBackend backend;

    RedisCoordinator(RedisBackend backend) {
        this.backend = backend;
    }

    @Override
    public StoreView read(String namespace) {
        return read(namespace, RedisScript.READ, List.of());
    }

    @Override
    public StoreView read(String namespace, NodeIdRange part) {
        List<String> fields = Stream.concat(
                        Stream.of(RedisKeys.NAMESPACE_FIELD),
                        IntStream.rangeClosed(part.first(), part.last()).mapToObj(RedisKeys::nodeField))
                .toList();
        return read(namespace, RedisScript.PART, fields);
    }

    private StoreView read(String namespace, RedisScript script, List<String> fields) {
        String key = new RedisKeys(namespace).records();
        return backend.run(script, List.of(key), fields, reply -> new RedisRecords(key)
                .view(reply.list(2), reply.text(0), time(reply, 1)));
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        if (step.trace().kind() != Trace.Kind.UNKNOWN) {
            return refusedForItsTrace(namespace, step);
        }
        String key = new RedisKeys(namespace).records();
        return backend.run(RedisScript.REPLACE, List.of(key), arguments(step, ""), reply -> replaced(key, step, reply));
    }

    @Override
    public Recorded replaceAndRecord(String namespace, Replacement step, long[] ids, Optional<Duration> keep) {
        if (ids.length > RedisLedger.CHUNK || step.trace().kind() != Trace.Kind.UNKNOWN) {
            return NodeCoordinator.super.replaceAndRecord(namespace, step, ids, keep);
        }
        try {
            return replaceAndRecordTogether(new RedisKeys(namespace), step, ids, keep);
        } catch (CoordinatorUnavailableException e) {
            if (!RedisFailures.isBetweenTwoMasters(e)) {
                throw e;
            }
            return NodeCoordinator.super.replaceAndRecord(namespace, step, ids, keep);
        }
    }

    private Recorded replaceAndRecordTogether(RedisKeys keys, Replacement step, long[] ids, Optional<Duration> keep) {
        String key = keys.records();
        List<String> touched =
                Stream.concat(Stream.of(key), RedisLedger.keys(keys, ids)).toList();
        return backend.run(RedisScript.REPLACE, touched, arguments(step, RedisLedger.millis(keep)), reply -> {
            Replaced replaced = replaced(key, step, reply);
            long[] refused = replaced.applied() ? RedisLedger.refused(ids, reply.list(2)) : new long[0];
            return new Recorded(replaced, refused);
        });
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new Lock(backend, new RedisKeys(namespace).lock(name));
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return Optional.of(new RedisLedger(backend, new RedisKeys(namespace)));
    }

    @Override
    public List<String> advisories() {
        return RedisAdvice.on(backend.info("memory", "replication"));
    }

    @Override
    public void close() {
        backend.close();
    }

    @Override
    public String toString() {
        return backend.toString();
    }

    /**
     * Encodes a replacement as the arguments of {@code replace.lua}. No record is empty, so an empty text means none.
     */
    private static List<String> arguments(Replacement step, String keepMillis) {
        return List.of(
                step.identity(),
                step.expected().map(Stored::record).map(NamespaceRecord::encode).orElse(""),
                step.namespace().map(NamespaceRecord::encode).orElse(""),
                step.notAfter().map(Instant::toEpochMilli).map(String::valueOf).orElse(""),
                step.node().map(RedisCoordinator::field).orElse(""),
                step.node()
                        .flatMap(NodeChange::expected)
                        .map(Stored::record)
                        .map(NodeRecord::encode)
                        .orElse(""),
                step.node().map(NodeChange::next).map(NodeRecord::encode).orElse(""),
                keepMillis);
    }

    private Replaced replaced(String key, Replacement step, ScriptReply reply) {
        if (!reply.yes(0)) {
            return new Replaced(false, refused(new RedisRecords(key), step, reply));
        }
        backend.requireReplicas(reply);
        Optional<Stored<NamespaceRecord>> namespace =
                step.namespace().map(record -> new Stored<>(record, 0)).or(step::expected);
        return new Replaced(
                true,
                view(namespace, step.node().map(change -> new Stored<>(change.next(), 0)), step.identity(), reply));
    }

    /** Redis keeps no traces and reports none, so a step that names one is based on a mistake. */
    private Replaced refusedForItsTrace(String namespace, Replacement step) {
        List<String> fields = Stream.concat(
                        Stream.of(RedisKeys.NAMESPACE_FIELD), step.node().map(RedisCoordinator::field).stream())
                .toList();
        return new Replaced(false, read(namespace, RedisScript.PART, fields));
    }

    /** Returns what was found instead of what was expected. */
    private static StoreView refused(RedisRecords records, Replacement step, ScriptReply reply) {
        Optional<Stored<NodeRecord>> node =
                step.node().flatMap(change -> reply.optionalText(4).map(text -> records.node(field(change), text)));
        return view(reply.optionalText(3).map(records::namespace), node, reply.text(2), reply);
    }

    private static StoreView view(
            Optional<Stored<NamespaceRecord>> namespace,
            Optional<Stored<NodeRecord>> node,
            String identity,
            ScriptReply reply) {
        Map<Integer, Stored<NodeRecord>> nodes =
                node.map(stored -> Map.of(stored.record().node(), stored)).orElse(Map.of());
        return new StoreView(namespace, nodes, identity, Optional.of(time(reply, 1)));
    }

    private static String field(NodeChange change) {
        return RedisKeys.nodeField(change.next().node());
    }

    private static Instant time(ScriptReply reply, int index) {
        return Instant.ofEpochMilli(reply.digits(index));
    }

    /** A key that holds the holder's token and expires. Thread-safe. */
    private record Lock(RedisBackend backend, String key) implements DistributedLock {

        @Override
        public boolean tryLock(String token, Duration expiry) {
            Names.requireToken(token);
            String millis =
                    Long.toString(Checks.requireKeepable("expiry", expiry).toMillis());
            return backend.run(RedisScript.LOCK, List.of(key), List.of(token, millis), reply -> reply.yes(0));
        }

        @Override
        public boolean unlock(String token) {
            return backend.run(RedisScript.UNLOCK, List.of(key), List.of(token), reply -> reply.yes(0));
        }

        @Override
        public boolean isHeld() {
            return backend.run(RedisScript.HELD, List.of(key), List.of(), reply -> reply.yes(0));
        }

        @Override
        public String toString() {
            return "lock " + key;
        }
    }
}
