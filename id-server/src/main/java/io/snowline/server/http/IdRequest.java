package io.snowline.server.http;

import io.snowline.coordination.NodeIdRange;
import io.snowline.server.config.GeneratorSettings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a request for IDs asks for, checked against the namespace's settings.
 *
 * <p>Immutable and thread-safe.
 *
 * @param count how many
 * @param notation how they are written
 * @param node the node id they are issued for; recorded mode only
 */
record IdRequest(int count, IdNotation notation, OptionalInt node) {

    private static final List<String> PARAMETERS = List.of("count", "format", "node");

    private static final List<String> PARAMETERS_OF_A_RANGE = List.of("count");

    private static final int LONGEST_NUMBER = 10;

    /**
     * Reads a request for one ID.
     *
     * @throws RefusedRequestException if a parameter breaks a rule
     */
    static IdRequest one(QueryParameters query, GeneratorSettings settings) {
        query.requireOnly(PARAMETERS);
        query.refuse("count", "belongs to /v1/" + settings.namespace() + "/ids; /id answers with one ID");
        return new IdRequest(1, IdNotation.of(query), node(query, settings));
    }

    /**
     * Reads a request for several IDs.
     *
     * @throws RefusedRequestException if a parameter breaks a rule
     */
    static IdRequest batch(QueryParameters query, GeneratorSettings settings) {
        query.requireOnly(PARAMETERS);
        return new IdRequest(count(query, settings.maxBatch()), IdNotation.of(query), node(query, settings));
    }

    /**
     * Reads a request for a range, and returns how many positions it asks for.
     *
     * @throws RefusedRequestException if a parameter breaks a rule, or the namespace is recorded
     */
    static int range(QueryParameters query, GeneratorSettings settings) {
        if (!settings.leased()) {
            throw RefusedRequestException.badRequest(
                    "a range can be asked for in leased mode only, and %s is recorded".formatted(settings.namespace()));
        }
        query.requireOnly(PARAMETERS_OF_A_RANGE);
        return count(query, settings.maxRange());
    }

    /**
     * Reads how many IDs a request asks for; 1 if it does not say.
     *
     * @throws RefusedRequestException if it is not from 1 to the most
     */
    static int count(QueryParameters query, int most) {
        Optional<String> given = query.value("count");
        if (given.isEmpty()) {
            return 1;
        }
        long count = number(given.get());
        if (count < 1 || count > most) {
            throw RefusedRequestException.badRequest(
                    "count must be a whole number from 1 to %s, got %s".formatted(most, ErrorBody.quote(given.get())));
        }
        return (int) count;
    }

    private static OptionalInt node(QueryParameters query, GeneratorSettings settings) {
        if (settings.leased()) {
            query.refuse("node", "can be named in recorded mode only, and " + settings.namespace() + " is leased");
            return OptionalInt.empty();
        }
        Optional<String> given = query.value("node");
        return given.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(node(given.get(), settings.common().nodeIds()));
    }

    private static int node(String given, NodeIdRange nodeIds) {
        long node = number(given);
        if (node < nodeIds.first() || node > nodeIds.last()) {
            throw RefusedRequestException.badRequest("node must be a whole number from %s to %s, got %s"
                    .formatted(nodeIds.first(), nodeIds.last(), ErrorBody.quote(given)));
        }
        return (int) node;
    }

    /** Returns a number of 1 to 10 ASCII digits, or −1 for anything else. */
    static long number(String text) {
        int length = text.length();
        if (length == 0 || length > LONGEST_NUMBER) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }
}
