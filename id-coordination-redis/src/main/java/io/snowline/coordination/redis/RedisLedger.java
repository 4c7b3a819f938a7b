package io.snowline.coordination.redis;

import io.snowline.coordination.IdLedger;
import io.snowline.coordination.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** A key for each ID, holding the time at which it was recorded. Safe for use by many threads. */
final class RedisLedger implements IdLedger {

    /** How many IDs go into one script: while it runs, Redis does nothing else. */
    static final int CHUNK = 1000;

    private final RedisBackend backend;
    private final RedisKeys keys;

    RedisLedger(RedisBackend backend, RedisKeys keys) {
        this.backend = backend;
        this.keys = keys;
    }

    @Override
    public long[] record(long[] ids, Optional<Duration> keep) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("ids must be at least one, got none");
        }
        String millis = keep.map(duration -> Durations.millis("keep", duration)).orElse("");
        List<Long> refused = new ArrayList<>();
        for (int from = 0; from < ids.length; from += CHUNK) {
            recordChunk(Arrays.copyOfRange(ids, from, Math.min(from + CHUNK, ids.length)), millis, refused);
        }
        return refused.stream().mapToLong(Long::longValue).toArray();
    }

    private void recordChunk(long[] ids, String millis, List<Long> refused) {
        List<String> idKeys = LongStream.of(ids).mapToObj(keys::ledger).toList();
        List<Long> known = backend.run(RedisScript.RECORD, idKeys, List.of(millis), reply -> {
            backend.requireReplicas(reply);
            return refused(ids, reply);
        });
        refused.addAll(known);
    }

    private static List<Long> refused(long[] ids, ScriptReply reply) {
        List<Long> refused = new ArrayList<>(reply.size());
        for (int i = 0; i < reply.size(); i++) {
            long index = reply.number(i);
            if (index < 1 || index > ids.length) {
                throw new ScriptReply.Garbled("no ID has index " + index);
            }
            refused.add(ids[(int) index - 1]);
        }
        return refused;
    }

    @Override
    public Optional<Instant> recordedAt(long id) {
        String key = keys.ledger(id);
        return backend.run(RedisScript.RECORDED, List.of(key), List.of(), reply -> reply.optionalText(0))
                .map(text -> instant(key, text));
    }

    private static Instant instant(String key, String text) {
        try {
            return Instant.ofEpochMilli(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new UnreadableRecordException(
                    "key %s in Redis must hold the milliseconds of its recording, and does not".formatted(key), e);
        }
    }
}
