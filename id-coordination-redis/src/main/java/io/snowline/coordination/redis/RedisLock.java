package io.snowline.coordination.redis;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Names;
import java.time.Duration;
import java.util.List;

/** A key that holds the holder's token and expires. Thread-safe. */
final class RedisLock implements DistributedLock {

    private final RedisBackend backend;
    private final String key;

    RedisLock(RedisBackend backend, String key) {
        this.backend = backend;
        this.key = key;
    }

    @Override
    public boolean tryLock(String token, Duration expiry) {
        Names.requireToken(token);
        String millis = Long.toString(Checks.requireKeepable("expiry", expiry).toMillis());
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
