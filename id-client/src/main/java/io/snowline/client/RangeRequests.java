package io.snowline.client;

import io.snowline.id.IdUnavailableException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks a server for a range over HTTP. Thread-safe. */
final class RangeRequests {

    /*
     * HttpRequest.timeout ends when the headers have arrived (JDK-8258397); after that a server could keep a caller
     * forever. So the whole exchange is bounded by the future's get.
     */

    private static final Set<Integer> TRANSIENT = Set.of(429, 500, 502, 503, 504);
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,256}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");
    private static final int SHOWN = 240;

    private final HttpClient http;
    private final String namespace;
    private final @Nullable Supplier<String> token;
    private final long timeoutNanos;
    private final LongSupplier clock;
    private final AtomicLong sent = new AtomicLong();

    RangeRequests(SnowlineClient.Builder settings, Executor workers) {
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // or each request would ask for h2c
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.requestTimeout)
                .executor(workers);
        settings.tls.ifPresent(client::sslContext);
        http = client.build();
        namespace = settings.namespace;
        token = settings.token;
        timeoutNanos = settings.requestTimeout.toNanos();
        clock = settings.clock;
    }

    /** What a server answered. */
    sealed interface Answer {}

    /** A range of the namespace that is what it says. */
    record Given(GivenRange range) implements Answer {}

    /**
     * Anything else.
     *
     * @param status the HTTP status; 0 if there was no answer
     * @param broken whether the connection ended without an answer: perhaps the server had closed it before
     * @param token the token that was sent; a secret
     */
    record Refused(Failure failure, int status, boolean broken, Optional<String> token) implements Answer {

        @Override
        public String toString() {
            return failure.message();
        }
    }

    /** Returns how many requests were sent. */
    long sent() {
        return sent.get();
    }

    /** Asks a server, for as long as a request may take. */
    Answer ask(URI base, int count) throws InterruptedException {
        Optional<String> secret;
        try {
            secret = currentToken();
        } catch (IllegalArgumentException e) {
            return new Refused(Failure.refused(String.valueOf(e.getMessage())), 0, false, Optional.empty());
        }
        long sentNanos = clock.getAsLong();
        sent.incrementAndGet();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request(base, count, secret), info -> new LimitedBody());
        try {
            return read(base, exchange.get(timeoutNanos, TimeUnit.NANOSECONDS), count, sentNanos, secret);
        } catch (TimeoutException e) {
            return none(base, "did not answer within " + timeoutNanos / 1_000_000 + " ms", false);
        } catch (ExecutionException e) {
            return unanswered(base, e.getCause());
        } finally {
            exchange.cancel(true); // does nothing once it is complete
        }
    }

    /** Tells whether another token is to be sent by now. */
    boolean hasOtherToken(Optional<String> before) {
        try {
            return !currentToken().equals(before);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * @throws IllegalArgumentException if there is no token that can be sent; says nothing about it
     */
    private Optional<String> currentToken() {
        if (token == null) {
            return Optional.empty();
        }
        String secret;
        try {
            secret = token.get();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "the supplier of the token failed with " + e.getClass().getName(), e);
        }
        if (secret == null || !TOKEN.matcher(secret).matches()) {
            throw new IllegalArgumentException(
                    "the token must be 1 to 256 printable ASCII characters without blanks, and is not");
        }
        return Optional.of(secret);
    }

    private HttpRequest request(URI base, int count, Optional<String> secret) {
        String root = base.toString();
        String slash = root.endsWith("/") ? "" : "/";
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(root + slash + "v1/" + namespace + "/range?count=" + count))
                .header("Accept", "application/octet-stream")
                .POST(BodyPublishers.noBody()); // an answer to POST is never kept by a cache
        secret.ifPresent(given -> request.header("Authorization", "Bearer " + given));
        return request.build();
    }

    private Answer read(URI base, HttpResponse<byte[]> response, int count, long sentNanos, Optional<String> secret) {
        if (response.statusCode() != 200) {
            return refused(base, response, secret);
        }
        try {
            return new Given(GivenRange.read(response.body(), namespace, count, sentNanos));
        } catch (IllegalArgumentException e) {
            return new Refused(Failure.refused(base + " answered 200, but " + e.getMessage()), 200, false, secret);
        }
    }

    private static Refused refused(URI base, HttpResponse<byte[]> response, Optional<String> secret) {
        int status = response.statusCode();
        boolean temporary = TRANSIENT.contains(status);
        Failure failure = new Failure(
                temporary ? Reason.SERVER_UNAVAILABLE : Reason.REQUEST_REFUSED,
                base + " answered " + status + words(response.body()),
                temporary ? restNanos(response.headers()) : 0);
        return new Refused(failure, status, false, secret);
    }

    /** Returns the text of one of our servers' errors; nothing of what a proxy or another service says. */
    private static String words(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return text.startsWith("{\"code\":")
                ? ": " + text.substring(0, Math.min(SHOWN, text.length())).replaceAll("\\p{Cntrl}", "?")
                : "";
    }

    private static long restNanos(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .filter(value -> SECONDS.matcher(value).matches())
                .map(value -> TimeUnit.SECONDS.toNanos(Math.max(1, Long.parseLong(value))))
                .orElse(0L);
    }

    private static Refused unanswered(URI base, @Nullable Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        boolean broken = cause instanceof IOException
                && !(cause instanceof ConnectException)
                && !(cause instanceof HttpTimeoutException);
        String name = cause == null ? "nothing" : cause.getClass().getSimpleName();
        return none(base, broken ? "ended the connection (" + name + ")" : "cannot be reached (" + name + ")", broken);
    }

    private static Refused none(URI base, String what, boolean broken) {
        return new Refused(Failure.unavailable(base + " " + what), 0, broken, Optional.empty());
    }
}
