package io.snowline.client;

import io.snowline.id.IdUnavailableException.Reason;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** The servers of a client, of which one is kept while it answers. Not thread-safe. */
final class Servers {

    private final List<Server> servers;
    private final SplittableRandom random;
    private int kept;

    /** Begins with one of the servers, chosen at random. */
    Servers(List<URI> bases, SplittableRandom random) {
        servers = bases.stream().map(Server::new).toList();
        this.random = random;
        kept = random.nextInt(servers.size());
    }

    /**
     * Returns all servers in the order in which they are to be asked: the one that is kept and those behind it in the
     * list, then those that are to be left alone, which are better than nothing.
     */
    List<Server> inOrder(long nanos) {
        List<Server> order = new ArrayList<>(servers);
        Collections.rotate(order, -kept);
        order.sort(Comparator.comparingLong((Server server) -> Math.max(0, server.restsForNanos(nanos))));
        return order;
    }

    /** Keeps a server, because it answered. */
    void keep(Server server) {
        kept = servers.indexOf(server);
        server.succeeded();
    }

    void failed(Server server, Failure why, long nanos) {
        server.failed(why, nanos, random);
    }

    URI kept() {
        return servers.get(kept).base();
    }

    /** Returns how long all servers are to be left alone; not positive if one may be asked. */
    long restNanos(long nanos) {
        return servers.stream()
                .mapToLong(server -> server.restsForNanos(nanos))
                .min()
                .orElseThrow();
    }

    /** Returns what those servers answered that gave no range when they were asked last; empty if there are none. */
    Optional<Failure> failure(String namespace) {
        List<Failure> failures =
                servers.stream().flatMap(server -> server.failure().stream()).toList();
        if (failures.isEmpty()) {
            return Optional.empty();
        }
        boolean refused = failures.size() == servers.size()
                && failures.stream().allMatch(failure -> failure.reason() == Reason.REQUEST_REFUSED);
        return Optional.of(new Failure(
                refused ? Reason.REQUEST_REFUSED : Reason.SERVER_UNAVAILABLE,
                failures.stream()
                        .map(Failure::message)
                        .collect(
                                Collectors.joining("; ", "no server gives IDs of namespace '" + namespace + "': ", "")),
                0));
    }
}
