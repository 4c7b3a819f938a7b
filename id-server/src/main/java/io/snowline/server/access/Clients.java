package io.snowline.server.access;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one namespace, with what each has taken.
 *
 * <p>Thread-safe.
 */
public final class Clients {

    private final LiveTokens tokens;
    private final OptionalInt idsPerSecond;
    private final OptionalLong idsPerDay;
    private final LongSupplier nanoTime;
    private final Clock clock;
    private final Map<String, Client> known = new ConcurrentHashMap<>();

    /** All clients, where there are no tokens. */
    private final Client everyone;

    /** Makes the clients of a namespace; a bound that is empty does not exist. */
    public Clients(
            LiveTokens tokens, OptionalInt idsPerSecond, OptionalLong idsPerDay, LongSupplier nanoTime, Clock clock) {
        this.tokens = tokens;
        this.idsPerSecond = idsPerSecond;
        this.idsPerDay = idsPerDay;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.everyone = make("");
    }

    private Client make(String name) {
        if (name.isEmpty() && idsPerSecond.isEmpty() && idsPerDay.isEmpty()) {
            return Client.UNBOUNDED;
        }
        return new Client(
                name,
                idsPerSecond.isPresent()
                        ? new RateLimit(idsPerSecond.getAsInt(), Duration.ofSeconds(1), nanoTime)
                        : null,
                idsPerDay.isPresent() ? new DailyQuota(idsPerDay.getAsLong(), clock) : null);
    }

    /** Returns everyone; null if the namespace has tokens. */
    public @Nullable Client everyone() {
        return tokens.now().isEmpty() ? everyone : null;
    }

    /** Returns the client that sent a token; empty if the namespace does not have it. */
    public Optional<Client> withToken(String sent) {
        byte[] hash = Token.sha256(sent);
        List<Token> now = tokens.now();
        @Nullable Token match = null;
        for (Token token : now) { // compares all of them, so that timing reveals nothing
            match = token.matches(hash) ? token : match;
        }
        return Optional.ofNullable(match)
                .map(token -> known.computeIfAbsent(token.client(), unused -> make(token.name())));
    }
}
