package io.snowline.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.snowline.id.IdLayout;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A client that takes IDs in binary batches, one after the other. If an answer breaks off, the IDs that arrived count:
 * they have left the server.
 *
 * <p>One thread runs it; its results may be read by any thread.
 */
public final class Drain implements Runnable {

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    private static final long AFTER_FAILURE_NANOS = 20_000_000;
    private static final long AFTER_REFUSAL_NANOS = 10_000_000;
    private static final long WHILE_HELD_NANOS = 5_000_000;

    /**
     * How IDs are taken.
     *
     * @param batch how many IDs a request asks for
     * @param pause how long to wait between an answer and the next request
     * @param layout the layout of the IDs
     * @param oneLane whether the server has a single lane, so that all IDs of a connection must grow
     * @param acrossRestarts whether they must also grow from a broken connection to the next one
     */
    public record Pace(int batch, Duration pause, IdLayout layout, boolean oneLane, boolean acrossRestarts) {

        /** As fast as possible, from a server with the default layout and one lane. */
        public static Pace full(int batch) {
            return new Pace(batch, Duration.ZERO, IdLayout.classic(IdLayout.DEFAULT_EPOCH), true, false);
        }

        /** As fast as possible, with another layout; IDs must grow even if the server is killed and restarted. */
        public static Pace fullAcrossRestarts(int batch, IdLayout layout) {
            return new Pace(batch, Duration.ZERO, layout, true, true);
        }
    }

    /**
     * The first answer with IDs.
     *
     * @param sentMillis the wall clock when its request was sent, in milliseconds since 1970
     * @param answeredMillis the wall clock when the answer had been read
     * @param id the first ID of the answer
     */
    public record First(long sentMillis, long answeredMillis, long id) {}

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final HttpRequest request;
    private final Pace pace;
    private final byte[] buffer;
    private final Harvest.Taker taker;
    private final BooleanSupplier enough;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Map<String, Long> refusalTexts = new TreeMap<>();
    private volatile long answeredRequestOfNanos = System.nanoTime();
    private volatile Duration pause;
    private volatile boolean held;
    private volatile Optional<First> first = Optional.empty();

    public Drain(URI server, Pace pace, Harvest harvest, BooleanSupplier enough) {
        this.pace = pace;
        this.enough = enough;
        pause = pace.pause();
        buffer = new byte[pace.batch() * Long.BYTES];
        taker = harvest.taker(pace.layout(), pace.oneLane());
        request = HttpRequest.newBuilder(server.resolve("/v1/default/ids?count=" + pace.batch()))
                .timeout(LONGEST_ANSWER)
                .header("Accept", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
    }

    /** Returns how many requests were answered with IDs. */
    public long answers() {
        return answers.get();
    }

    /** Returns the first answer with IDs, as soon as there is one. */
    public Optional<First> first() {
        return first;
    }

    /** Returns how many requests were refused with 503. */
    public long refusals() {
        return refusals.get();
    }

    /** Returns how many requests were not answered, because the server was down or went down. */
    public long failures() {
        return failures.get();
    }

    /** Returns the texts of refusals, with every digit replaced by 0, and how often each came. */
    public Map<String, Long> refusalTexts() {
        synchronized (refusalTexts) {
            return new TreeMap<>(refusalTexts);
        }
    }

    /** Sets how long to wait between an answer and the next request, from now on. */
    public void pause(Duration duration) {
        pause = duration;
    }

    /** Sends no further request until {@link #release}, as a load balancer would while the server is not ready. */
    public void hold() {
        held = true;
    }

    /** Sends requests again. */
    public void release() {
        held = false;
    }

    /** Returns when the newest request that got IDs was sent, by {@link System#nanoTime}. */
    public long answeredRequestOfNanos() {
        return answeredRequestOfNanos;
    }

    /** Returns the first ID that came out of order, in words; call it when the drain has ended. */
    public Optional<String> disorder() {
        return taker.disorder();
    }

    @Override
    public void run() {
        while (!enough.getAsBoolean()) {
            if (held) {
                LockSupport.parkNanos(WHILE_HELD_NANOS);
                continue;
            }
            try {
                take();
                LockSupport.parkNanos(pause.toNanos());
            } catch (IOException e) {
                brokeOff();
                LockSupport.parkNanos(AFTER_FAILURE_NANOS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void take() throws IOException, InterruptedException {
        long sent = System.nanoTime();
        long sentMillis = System.currentTimeMillis();
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            switch (response.statusCode()) {
                case 200 -> {
                    long id = take(body);
                    if (first.isEmpty()) {
                        first = Optional.of(new First(sentMillis, System.currentTimeMillis(), id));
                    }
                    answers.incrementAndGet();
                    answeredRequestOfNanos = sent;
                }
                case 503 -> refused(new String(body.readAllBytes(), UTF_8));
                default ->
                    throw new IllegalStateException(
                            "must answer 200 or 503, got " + response + new String(body.readAllBytes(), UTF_8));
            }
        }
    }

    private void refused(String text) {
        refusals.incrementAndGet();
        synchronized (refusalTexts) {
            var unused = refusalTexts.merge(text.replaceAll("[0-9]", "0"), 1L, Long::sum);
        }
        LockSupport.parkNanos(AFTER_REFUSAL_NANOS);
    }

    /** Takes all IDs of an answer, and returns the first. */
    private long take(InputStream body) throws IOException {
        int read = 0;
        try {
            int more = body.read(buffer, read, buffer.length - read);
            while (more > 0) {
                read += more;
                more = body.read(buffer, read, buffer.length - read);
            }
        } finally { // whether or not the server went down in the middle of its answer
            long[] ids = new long[read / Long.BYTES];
            ByteBuffer.wrap(buffer).asLongBuffer().get(ids, 0, ids.length);
            taker.take(ids);
        }
        return ByteBuffer.wrap(buffer).getLong();
    }

    private void brokeOff() {
        failures.incrementAndGet();
        if (!pace.acrossRestarts()) {
            taker.reconnected();
        }
    }
}
