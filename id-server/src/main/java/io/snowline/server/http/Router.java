package io.snowline.server.http;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resolves paths to calls.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <N> a namespace
 */
final class Router<N> {

    private final String root;
    private final Map<String, N> namespaces;
    private final Map<String, RouteMatch<N>> known = new HashMap<>();

    /**
     * @param context the path under which everything lies, such as {@code /}
     * @param namespaces the namespaces by name
     */
    Router(String context, Map<String, N> namespaces) {
        this.root = (context.equals("/") ? "" : context) + "/v1/";
        this.namespaces = Map.copyOf(namespaces);
        namespaces.forEach((name, namespace) -> {
            known.put(root + name + "/id", new RouteMatch<>(Route.ONE, name, namespace, ""));
            known.put(root + name + "/ids", new RouteMatch<>(Route.MANY, name, namespace, ""));
            known.put(root + name + "/range", new RouteMatch<>(Route.RANGE, name, namespace, ""));
        });
    }

    /**
     * The call that a path stands for.
     *
     * @param name the namespace's name as in the path
     * @param namespace the namespace; null if there is none of that name
     * @param id the ID that is asked about, as in the path; empty if the call is not about one
     */
    record RouteMatch<N>(Route call, String name, @Nullable N namespace, String id) {}

    /** Returns the call that a path stands for; null if the path is not one of ours. */
    @Nullable
    RouteMatch<N> find(String path) {
        RouteMatch<N> target = known.get(path);
        return target == null && path.startsWith(root) ? read(path) : target;
    }

    private @Nullable RouteMatch<N> read(String path) {
        int slash = path.indexOf('/', root.length());
        if (slash < 0) {
            return null;
        }
        String name = path.substring(root.length(), slash);
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        String rest = path.substring(Math.min(slash + 1, end), end);
        if (rest.equals("id")) {
            return new RouteMatch<>(Route.ONE, name, namespaces.get(name), "");
        }
        if (rest.equals("ids")) {
            return new RouteMatch<>(Route.MANY, name, namespaces.get(name), "");
        }
        if (rest.equals("range")) {
            return new RouteMatch<>(Route.RANGE, name, namespaces.get(name), "");
        }
        if (rest.equals("times")) {
            return new RouteMatch<>(Route.TIMES, name, namespaces.get(name), "");
        }
        String id = rest.startsWith("ids/") ? rest.substring("ids/".length()) : "";
        return id.isEmpty() || id.indexOf('/') >= 0
                ? null
                : new RouteMatch<>(Route.DECODE, name, namespaces.get(name), id);
    }
}
