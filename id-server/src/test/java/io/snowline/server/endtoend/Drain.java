package io.snowline.server.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A client that takes IDs in binary batches, one after the other, as fast as a server gives them. IDs of an answer that
 * breaks off count as far as they came: they have left the server.
 */
final class Drain implements Runnable {

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final URI server;
    private final int batch;
    private final Harvest harvest;
    private final BooleanSupplier enough;
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    Drain(URI server, int batch, Harvest harvest, BooleanSupplier enough) {
        this.server = server;
        this.batch = batch;
        this.harvest = harvest;
        this.enough = enough;
    }

    /** Returns how many requests were refused with 503. */
    long refusals() {
        return refusals.get();
    }

    /** Returns how many requests were not answered, because the server was down or went down. */
    long failures() {
        return failures.get();
    }

    @Override
    public void run() {
        while (!enough.getAsBoolean()) {
            try {
                take();
            } catch (IOException e) {
                failures.incrementAndGet();
                LockSupport.parkNanos(20_000_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void take() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/v1/default/ids?count=" + batch))
                .timeout(Duration.ofSeconds(10))
                .header("Accept", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            switch (response.statusCode()) {
                case 200 -> harvest.add(read(body));
                case 503 -> {
                    refusals.incrementAndGet();
                    LockSupport.parkNanos(10_000_000);
                }
                default ->
                    throw new IllegalStateException(
                            "must answer 200 or 503, got " + response + new String(body.readAllBytes(), UTF_8));
            }
        }
    }

    private long[] read(InputStream body) {
        byte[] bytes = new byte[batch * Long.BYTES];
        int read = 0;
        try {
            int more = body.read(bytes, read, bytes.length - read);
            while (more > 0) {
                read += more;
                more = body.read(bytes, read, bytes.length - read);
            }
        } catch (IOException e) {
            failures.incrementAndGet(); // the server went down in the middle of its answer
        }
        long[] ids = new long[read / Long.BYTES];
        ByteBuffer.wrap(bytes).asLongBuffer().get(ids, 0, ids.length);
        return ids;
    }
}
