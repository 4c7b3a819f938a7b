package io.snowline.server.config;

import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which calls of other ID services are answered, and from which namespaces.
 *
 * <p>Immutable and thread-safe.
 *
 * @param leaf Leaf's calls; empty if they are not served
 * @param tinyId TinyID's calls; empty if they are not served
 * @param snowizard Snowizard's calls; empty if they are not served
 */
public record CompatibilitySettings(Optional<Leaf> leaf, Optional<TinyId> tinyId, Optional<Snowizard> snowizard) {

    /**
     * Leaf's calls.
     *
     * @param keys namespaces by Leaf's key, in the order of the YAML
     * @param others the namespace of all other keys; empty if they are refused
     * @param segments whether {@code /api/segment} is answered as well, with snowflakes
     * @param zone the time zone in which an ID's time is shown
     */
    public record Leaf(Map<String, String> keys, Optional<String> others, boolean segments, ZoneId zone) {

        public Leaf {
            keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
        }
    }

    /**
     * TinyID's calls.
     *
     * @param context the path under which they lie, such as {@code /tinyid}
     * @param types namespaces by TinyID's bizType
     * @param maxBatch the most IDs of one call; a call that asks for more gets this many
     */
    public record TinyId(String context, Map<String, String> types, int maxBatch) {

        public TinyId {
            types = Map.copyOf(types);
        }
    }

    /**
     * Snowizard's calls.
     *
     * @param namespace the namespace whose IDs they get
     * @param validateUserAgent whether a request needs a User-Agent of letters, digits and hyphens
     */
    public record Snowizard(String namespace, boolean validateUserAgent) {}
}
