package io.snowline.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The state of a client, for health checks. Immutable and thread-safe.
 *
 * @param ready whether IDs can be issued now, as far as is known: some are at hand, or the servers did not fail lately
 * @param server the server that is asked first
 * @param idsAtHand how many IDs can be issued without asking a server
 * @param goodFor for how long, at most, those can be issued
 * @param requests how many requests were sent since the start
 * @param problem why the servers give no range, if they do not
 */
public record ClientStatus(
        boolean ready, URI server, int idsAtHand, Duration goodFor, long requests, Optional<String> problem) {}
