package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.ServerProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What the servers of a run have got from their backend: their windows, which callers do not see. */
record Renewals(FaultRun run, List<ServerProcess> servers) {

    static Renewals of(FaultRun run, int servers) {
        return new Renewals(
                run, IntStream.range(0, servers).mapToObj(run::server).toList());
    }

    /** Returns the same without a server that will be killed. */
    Renewals without(ServerProcess killed) {
        return new Renewals(
                run, servers.stream().filter(server -> server != killed).toList());
    }

    /**
     * Waits until each server holds nearly as much as it may. A new namespace begins above everything that a forgotten
     * one may have stamped, so its first windows are short.
     */
    void awaitSettled(Duration atLeast) {
        run.await("windows of " + atLeast, atLeast.plusSeconds(30), () -> servers.stream()
                .allMatch(server ->
                        server.metric("snowline.lease_remaining_seconds.default") >= atLeast.toMillis() / 1e3));
    }

    /** Tells the run that the backend is back, and waits until it has granted each server another window. */
    void awaitGranted(Duration bound) {
        long[] before = servers.stream().mapToLong(Renewals::granted).toArray();
        run.await("windows to be granted again", bound, () -> IntStream.range(0, before.length)
                .allMatch(i -> granted(servers.get(i)) > before[i]));
    }

    private static long granted(ServerProcess server) {
        return (long) server.metric("snowline.renewals.default");
    }

    /** Fails if a server did not notice that the backend was down. */
    void assertMissed() {
        assertThat(servers)
                .allSatisfy(server ->
                        assertThat(server.log()).contains("did not answer").contains("windows are granted again"));
    }
}
