package io.snowline.coordination.redis;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.support.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** One key for each ID, holding the time at which it was recorded. Thread-safe. */
final class RedisLedger implements IdLedger {

    /** How many IDs go into one script; while it runs, Redis does nothing else. */
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
        String millis = millis(keep);
        LongStream refused = LongStream.empty();
        for (int from = 0; from < ids.length; from += CHUNK) {
            long[] chunk = Arrays.copyOfRange(ids, from, Math.min(from + CHUNK, ids.length));
            refused = LongStream.concat(refused, LongStream.of(recordChunk(chunk, millis)));
        }
        return refused.toArray();
    }

    private long[] recordChunk(long[] ids, String millis) {
        try {
            return recordTogether(ids, millis);
        } catch (CoordinatorUnavailableException e) {
            if (ids.length == 1 || !RedisFailures.isBetweenTwoMasters(e)) {
                throw e;
            }
            return LongStream.of(ids)
                    .flatMap(id -> LongStream.of(recordTogether(new long[] {id}, millis)))
                    .toArray();
        }
    }

    private long[] recordTogether(long[] ids, String millis) {
        List<String> touched = keys(keys, ids).toList();
        return backend.run(RedisScript.RECORD, touched, List.of(millis), reply -> {
            backend.requireReplicas(reply);
            return refused(ids, reply.list(0));
        });
    }

    static Stream<String> keys(RedisKeys keys, long[] ids) {
        return LongStream.of(ids).mapToObj(keys::ledger);
    }

    /** Returns how long to keep records, in the form that the scripts take. */
    static String millis(Optional<Duration> keep) {
        return keep.map(duration ->
                        Long.toString(Checks.requireKeepable("keep", duration).toMillis()))
                .orElse("");
    }

    /** Returns the IDs at the places that a script returned. */
    static long[] refused(long[] ids, ScriptReply places) {
        long[] refused = new long[places.size()];
        for (int i = 0; i < refused.length; i++) {
            long place = places.number(i);
            if (place < 1 || place > ids.length) {
                throw new ScriptReply.Garbled("no ID has place " + place);
            }
            refused[i] = ids[(int) place - 1];
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
