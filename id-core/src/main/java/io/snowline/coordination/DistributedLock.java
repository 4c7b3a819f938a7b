package io.snowline.coordination;

import java.time.Duration;
import java.util.UUID;

/**
 * A lock that processes on different machines can hold, one at a time. It puts callers in order; uniqueness never rests
 * on it, since a holder that is paused for longer than the expiry does not know that its time is up.
 *
 * <p>Thread-safe. Not reentrant: the token is the holder.
 */
public interface DistributedLock {

    /**
     * Takes the lock if it is free; does not wait.
     *
     * @param token identifies the holder: random, fresh for each attempt, 1 to 256 printable ASCII characters
     *     without blanks
     * @param expiry how long until the lock becomes free by itself, unless it is unlocked first: 1 ms to 36,500 days
     * @return whether the lock is now held under this token
     * @throws IllegalArgumentException if the token or the expiry breaks its rule, which is the same in every backend
     * @throws CoordinatorUnavailableException if that is unknown
     */
    boolean tryLock(String token, Duration expiry);

    /**
     * Unlocks the lock if it is held under this token.
     *
     * @return whether it was held; {@code false} means that it had expired, or that another token holds it
     * @throws CoordinatorUnavailableException if that is unknown
     */
    boolean unlock(String token);

    /**
     * Tells whether the lock is held, under any token. A hint only, which may be out of date. Unless overridden, it takes
     * the lock for a moment to find out; worth overriding where looking costs less.
     *
     * @throws CoordinatorUnavailableException if that is unknown
     */
    default boolean isHeld() {
        String token = UUID.randomUUID().toString();
        boolean free = tryLock(token, Duration.ofSeconds(1));
        return !free || !unlock(token);
    }
}
