package io.snowline.server.http;

import io.snowline.server.access.Access;
import io.snowline.server.config.CompatibilitySettings;
import io.snowline.server.http.Router.RouteMatch;
import io.snowline.server.issuing.Issuer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls under {@code /v1}, and with their description, before all other handlers of the server; a request's body is not read.
 *
 * <p>Thread-safe.
 */
public final class IdHandler extends Handler.Wrapper {

    /*
     * Jetty asks the server's handler once, at the start, whether it may block. If not, Jetty runs each request on the
     * thread that read it from the connection, which halves the cost of a request. So nothing here may block: IDs that
     * are available are written immediately, and everything that has to wait, including the handlers behind this
     * one, goes to the connector's threads. With an access log the handler may block, because writing a log may.
     */

    private static final String ADMINISTRATION = "admin";

    private final Router<IdService> paths;
    private final ApiDescription description;
    private final List<PeerCalls> peers;

    /**
     * Makes the handler, and a service for each namespace.
     *
     * @param context the path under which everything lies, such as {@code /}
     * @param compatibility which calls of other ID services are answered
     */
    public IdHandler(String context, List<Issuer> issuers, Access access, CompatibilitySettings compatibility) {
        Map<String, GuardedIssuer> namespaces = new HashMap<>();
        Map<String, IdService> services = new HashMap<>();
        for (Issuer issuer : issuers) {
            GuardedIssuer door = GuardedIssuer.of(issuer, access);
            namespaces.put(issuer.settings().namespace(), door);
            services.put(issuer.settings().namespace(), new IdService(door));
        }
        paths = new Router<>(context, services);
        peers = PeerCalls.of(compatibility, context, namespaces);
        description = new ApiDescription(context);
    }

    @Override
    public InvocationType getInvocationType() {
        return logged() ? InvocationType.BLOCKING : InvocationType.NON_BLOCKING;
    }

    private boolean logged() {
        return getServer() != null && getServer().getRequestLog() != null;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        RouteMatch<IdService> target = target(request);
        if (target != null) {
            answer(target, request, response, callback);
            return true;
        }
        if (!administrative(request)
                && (description.answer(request, response, callback) || answerPeer(request, response, callback))) {
            return true;
        }
        return logged() ? super.handle(request, response, callback) : handOver(request, response, callback);
    }

    private @Nullable RouteMatch<IdService> target(Request request) {
        return administrative(request) ? null : paths.find(path(request));
    }

    /** Returns the path that is asked for; empty if a part of it follows a semicolon, which the canonical path lacks. */
    private static String path(Request request) {
        HttpURI uri = request.getHttpURI();
        return String.valueOf(uri.getPath()).indexOf(';') >= 0 ? "" : String.valueOf(uri.getCanonicalPath());
    }

    private boolean answerPeer(Request request, Response response, Callback callback) {
        for (PeerCalls service : peers) {
            PeerCalls.Call call = service.find(path(request));
            if (call != null) {
                call.answer(request, response, callback);
                return true;
            }
        }
        return false;
    }

    private static boolean administrative(Request request) {
        return ADMINISTRATION.equals(
                request.getConnectionMetaData().getConnector().getName());
    }

    private static void answer(RouteMatch<IdService> target, Request request, Response response, Callback callback) {
        IdService service = target.namespace();
        if (HttpMethod.OPTIONS.is(request.getMethod())) {
            Answers.options(response, target.call(), callback);
        } else if (service != null) {
            service.answer(target, request, response, callback);
        } else {
            Answers.refuse(response, unknown(target, request), callback);
        }
    }

    private static RefusedRequestException unknown(RouteMatch<IdService> target, Request request) {
        try {
            target.call().check(request.getMethod());
            return new RefusedRequestException(
                    404, "namespace must be one of this server's, got " + ErrorBody.quote(target.name()), Map.of());
        } catch (RefusedRequestException e) {
            return e;
        }
    }

    /** Lets the other handlers answer, on a thread that may block. */
    private boolean handOver(Request request, Response response, Callback callback) {
        Executor executor = request.getConnectionMetaData().getConnector().getExecutor();
        try {
            executor.execute(() -> handleElsewhere(request, response, callback));
        } catch (RejectedExecutionException e) {
            Response.writeError(request, response, callback, HttpStatus.SERVICE_UNAVAILABLE_503);
        }
        return true;
    }

    @SuppressWarnings("CatchingUnchecked") // what a handler throws is answered by Jetty's own means
    private void handleElsewhere(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
        } catch (Exception e) {
            Response.writeError(request, response, callback, e);
        }
    }
}
