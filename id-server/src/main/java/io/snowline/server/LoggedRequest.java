package io.snowline.server;

import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request as an access log is to write it: with another query, or none.
 *
 * <p>Thread-safe.
 */
final class LoggedRequest extends Request.Wrapper {

    private final HttpURI uri;

    LoggedRequest(Request request, @Nullable String query) {
        super(request);
        uri = HttpURI.build(request.getHttpURI()).query(query).asImmutable();
    }

    @Override
    public HttpURI getHttpURI() {
        return uri;
    }
}
