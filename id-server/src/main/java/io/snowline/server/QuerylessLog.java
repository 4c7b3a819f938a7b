package io.snowline.server;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;

/**
 * An access log without the queries of the paths below one, which may have tokens.
 *
 * <p>Thread-safe.
 *
 * @param log the access log
 * @param path the path
 */
record QuerylessLog(RequestLog log, String path) implements RequestLog {

    /** Keeps the queries of the paths below one out of a server's access log, if it has one. */
    static void apply(Server server, String path) {
        RequestLog log = server.getRequestLog();
        if (log != null) {
            server.setRequestLog(new QuerylessLog(log, path));
            server.addBean(log); // is still started and stopped with the server
        }
    }

    @Override
    public void log(Request request, Response response) {
        String asked = String.valueOf(request.getHttpURI().getCanonicalPath());
        log.log(asked.startsWith(path) ? new LoggedRequest(request, null) : request, response);
    }
}
