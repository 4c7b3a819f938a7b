package com.example.map;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Names;
import java.time.Duration;
import java.time.Instant;

/** A text under a key: the holder of the lock, and the time at which it expires. */
record MapLock(SharedMap map, String key) implements DistributedLock {

    @Override
    public boolean tryLock(String token, Duration expiry) {
        Names.requireToken(token);
        Checks.requireKeepable("expiry", expiry);
        synchronized (map) {
            map.requireThere();
            boolean free = holder().isEmpty();
            if (free) {
                map.texts.put(key, token + " " + Instant.now().plus(expiry));
            }
            return free;
        }
    }

    @Override
    public boolean unlock(String token) {
        synchronized (map) {
            map.requireThere();
            boolean mine = holder().equals(token);
            if (mine) {
                map.texts.remove(key);
            }
            return mine;
        }
    }

    /** Returns the token of the holder; nothing once the lock has expired. */
    private String holder() {
        String[] held = map.texts.getOrDefault(key, " " + Instant.MIN).split(" ", -1);
        return Instant.now().isBefore(Instant.parse(held[1])) ? held[0] : "";
    }
}
