package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.ServerProcess;
import io.snowline.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three servers are restarted one after the other under load, behind a balancer that goes by their readiness. */
class RollingRestartIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<URI> ready = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Set<String> ids = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean ended;

    @TempDir
    private Path temp;

    private HttpResponse<String> get(URI base, String path) throws IOException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                    .header("Accept", "text/plain")
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Looks at the servers again and again, as a balancer does. */
    private void balance() {
        while (!ended) {
            for (ServerProcess server : servers) {
                boolean now = isReady(server.base());
                if (!now) {
                    ready.remove(server.base());
                } else if (!ready.contains(server.base())) {
                    ready.add(server.base());
                }
            }
            Await.pause();
        }
    }

    private boolean isReady(URI base) {
        try {
            return get(base, "/health-check?type=ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Takes IDs from the servers in turn. */
    private void take(int first) {
        for (int turn = first; !ended; turn++) {
            List<URI> now = List.copyOf(ready);
            URI base = now.get(turn % now.size());
            try {
                HttpResponse<String> answer = get(base, "/v1/default/id");
                requests.incrementAndGet();
                if (answer.statusCode() != 200 || !ids.add(answer.body())) {
                    failures.add(base + ": " + answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                failures.add(base + ": " + e);
            }
        }
    }

    @Test
    void noRequestFails() throws Exception {
        String yaml =
                """
                coordination: {type: local, directory: '%s'}
                health:
                  initialOverallState: false
                  delayedShutdownHandlerEnabled: true
                  shutdownWaitPeriod: 3s
                  healthChecks:
                    - name: lease-default
                      type: ready
                      critical: true
                      initialState: false
                      schedule: {checkInterval: 1s, downtimeInterval: 1s, failureAttempts: 1, successAttempts: 1}
                """
                        .formatted(temp.resolve("data"));
        List<Thread> threads = new ArrayList<>();
        try {
            for (String name : List.of("one", "two", "three")) {
                servers.add(ServerProcess.start(temp.resolve(name), yaml));
            }
            threads.add(new Thread(this::balance));
            threads.get(0).start();
            Await.until("all three", SOON, () -> ready.size() == 3);
            for (int i = 0; i < 3; i++) {
                int first = i;
                threads.add(new Thread(() -> take(first)));
                threads.get(threads.size() - 1).start();
            }
            for (ServerProcess server : servers) {
                assertThat(server.terminate()).isEqualTo(143);
                server.restart();
                Await.until("its readiness", SOON, () -> ready.size() == 3);
            }
        } finally {
            ended = true;
            for (Thread thread : threads) {
                thread.join();
            }
            servers.forEach(ServerProcess::close);
        }

        assertThat(failures).isEmpty();
        assertThat(requests).hasValueGreaterThan(1_000);
        assertThat(ids).hasSize(requests.get());
    }
}
