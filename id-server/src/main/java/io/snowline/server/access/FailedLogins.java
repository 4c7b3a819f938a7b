package io.snowline.server.access;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Bounds how often an address may send a wrong token. Beyond that, its requests to guarded namespaces are refused
 * without looking at their tokens, until enough time has passed.
 *
 * <p>Thread-safe.
 */
public final class FailedLogins {

    private static final int MOST_ADDRESSES = 10_000;

    private final int mostPerMinute;
    private final LongSupplier nanoTime;
    private final Map<String, RateLimit> addresses = new ConcurrentHashMap<>();

    /** @param mostPerMinute how many of an address, at least 1 */
    public FailedLogins(int mostPerMinute, LongSupplier nanoTime) {
        this.mostPerMinute = mostPerMinute;
        this.nanoTime = nanoTime;
    }

    /** Returns how long an address has to wait; zero if it may try. */
    public Duration waitLeft(SocketAddress address) {
        if (addresses.isEmpty()) {
            return Duration.ZERO;
        }
        RateLimit limit = addresses.get(key(address));
        return limit == null ? Duration.ZERO : limit.waitLeft();
    }

    /** Counts a failure. */
    public void failed(SocketAddress address) {
        if (addresses.size() >= MOST_ADDRESSES) {
            addresses.values().removeIf(RateLimit::paid);
        }
        if (addresses.size() < MOST_ADDRESSES) {
            addresses
                    .computeIfAbsent(
                            key(address), unused -> new RateLimit(mostPerMinute, Duration.ofMinutes(1), nanoTime))
                    .take(1);
        }
    }

    int size() {
        return addresses.size();
    }

    private static String key(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? Addresses.key(inet) : "";
    }
}
