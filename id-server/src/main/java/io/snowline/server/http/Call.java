package io.snowline.server.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What matters of an HTTP request, whatever carried it.
 *
 * @param namespace the namespace in its path, decoded
 * @param query its query as it came
 * @param accept its Accept headers as they came
 * @param authorization its Authorization header, if there is one. A secret
 */
record Call(String namespace, @Nullable String query, List<String> accept, @Nullable String authorization) {

    /** Returns a text for people, without the secret. */
    @Override
    public String toString() {
        return "Call[" + namespace + "?" + query + "]";
    }
}
