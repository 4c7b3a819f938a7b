package io.snowline.server.http;

import io.snowline.server.config.CompatibilitySettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The calls of another ID service, in its own forms.
 *
 * <p>Implementations are thread-safe.
 */
interface PeerCalls {

    /** A call: answers requests, immediately or later, without blocking. */
    interface Call {
        void answer(Request request, Response response, Callback callback);
    }

    /** Returns the call that a path stands for; null if the path is not one of this service. */
    @Nullable
    Call find(String path);

    /**
     * Returns the calls that are asked for.
     *
     * @param context the path under which everything lies, such as {@code /}
     * @param namespaces the namespaces by name
     */
    static List<PeerCalls> of(CompatibilitySettings settings, String context, Map<String, GuardedIssuer> namespaces) {
        String root = context.equals("/") ? "" : context;
        List<PeerCalls> calls = new ArrayList<>();
        settings.leaf().ifPresent(leaf -> calls.add(new LeafCalls(leaf, root, namespaces)));
        settings.tinyId().ifPresent(tinyId -> calls.add(new TinyIdCalls(tinyId, root, namespaces)));
        settings.snowizard().ifPresent(snowizard -> calls.add(new SnowizardCalls(snowizard, root, namespaces)));
        return calls;
    }

    /**
     * Makes sure that a request can have its ID: the answer to a HEAD request has no body, and would use one up.
     *
     * @throws RefusedRequestException with 405 if it is a HEAD request
     */
    static void requireBody(Request request) {
        if (HttpMethod.HEAD.is(request.getMethod())) {
            throw new RefusedRequestException(
                    405, "the method must be one of GET, POST here, got HEAD", Map.of("Allow", "GET, POST"));
        }
    }
}
