package io.snowline.coordination.zookeeper;

import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Names;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who holds a lock: {@code token=... expiry=PT10S} in its znode. The start of the expiry is not stored: it is the time
 * at which the znode was written.
 */
record LockState(String token, Duration expiry) {

    static final byte[] FREE = {};

    private static final Pattern TEXT = Pattern.compile("token=([!-~]{1,256}) expiry=(\\S{1,40})");

    /** @throws IllegalArgumentException if the token cannot be written, or the expiry is out of range */
    LockState {
        Names.requireToken(token);
        Checks.requireKeepable("expiry", expiry);
    }

    byte[] encode() {
        return "token=%s expiry=%s".formatted(token, expiry).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a lock's data; empty if it is free.
     *
     * @throws IllegalArgumentException if {@link #encode} did not write it
     */
    static Optional<LockState> decode(byte[] data) {
        if (data.length == 0) {
            return Optional.empty();
        }
        Matcher matcher = TEXT.matcher(new String(data, StandardCharsets.UTF_8));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("it is not written as Snowline writes it");
        }
        try {
            return Optional.of(new LockState(matcher.group(1), Duration.parse(matcher.group(2))));
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("its expiry is no duration", e);
        }
    }

    /** Tells whether a lock that was taken at some instant has expired. */
    boolean isOver(Instant taken, Instant now) {
        return !now.isBefore(taken.plus(expiry));
    }
}
