package io.snowline.server;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;

/**
 * An access log that has requests with a broken query, too. Logback's decodes the query of each, and drops a request
 * where that fails; so it gets such a query with {@code %25} for each percent sign.
 *
 * <p>Thread-safe.
 *
 * @param log the access log
 */
record CompleteLog(RequestLog log) implements RequestLog {

    /** Completes a server's access log, if it has one. */
    static void apply(Server server) {
        RequestLog log = server.getRequestLog();
        if (log != null) {
            server.setRequestLog(new CompleteLog(log));
            server.addBean(log); // is still started and stopped with the server
        }
    }

    @Override
    public void log(Request request, Response response) {
        String query = request.getHttpURI().getQuery();
        boolean broken = query != null && query.indexOf('%') >= 0 && !decodable(request);
        log.log(broken ? new LoggedRequest(request, query.replace("%", "%25")) : request, response);
    }

    private static boolean decodable(Request request) {
        try {
            return Request.extractQueryParameters(request) != null;
        } catch (RuntimeException e) {
            return false; // Jetty's ways to say so have no type in common
        }
    }
}
