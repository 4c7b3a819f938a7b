package io.snowline.server.connections;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Closes connections whose request takes too long: its head, or all of it until the answer has been sent. Jetty's idle
 * timeout starts again with every octet, and its minimum data rates do not apply to answers of one piece.
 *
 * <p>Looks at all connections when it is run, instead of setting a timer for each request, which would cost every
 * request something. Not thread-safe, but for {@link #closed()}.
 */
final class SlowRequests implements Runnable {

    /** The protocol of a session before its handshake is over. */
    private static final String NO_PROTOCOL = "NONE";

    private final List<Connector> connectors;
    private final long headerNanos;
    private final long answerNanos;
    private final LongAdder closed = new LongAdder();

    SlowRequests(List<Connector> connectors, Duration headerTime, Duration answerTime) {
        this.connectors = List.copyOf(connectors);
        this.headerNanos = headerTime.toNanos();
        this.answerNanos = answerTime.toNanos();
    }

    /** Returns how many connections were closed. */
    long closed() {
        return closed.sum();
    }

    @Override
    public void run() {
        for (Connector connector : connectors) {
            for (EndPoint endPoint : connector.getConnectedEndPoints()) {
                if (late(endPoint)) {
                    closed.increment();
                    endPoint.close(new TimeoutException("the request took too long"));
                }
            }
        }
    }

    private boolean late(EndPoint endPoint) {
        Connection connection = endPoint.getConnection();
        if (connection instanceof SslConnection tls) {
            if (tls.getSSLEngine().getSession().getProtocol().equals(NO_PROTOCOL)) {
                long ageMillis = System.currentTimeMillis() - endPoint.getCreatedTimeStamp();
                return ageMillis > Duration.ofNanos(headerNanos).toMillis();
            }
            connection = tls.getSslEndPoint().getConnection();
        }
        return connection instanceof HttpConnection http && late(http.getParser());
    }

    private boolean late(HttpParser parser) {
        boolean inHead = parser.inHeaderState();
        long begun = parser.getBeginNanoTime();
        if (parser.isStart() || begun == 0) {
            return false; // no request: the idle timeout applies
        }
        return System.nanoTime() - begun > (inHead ? headerNanos : answerNanos);
    }
}
