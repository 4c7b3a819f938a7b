package io.snowline.server.threads;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.junit.jupiter.api.Test;

class ConnectorThreadsTest {

    private static final String TWO_REQUESTS =
            "GET /first HTTP/1.1\r\nHost: here\r\n\r\nGET /second HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

    /**
     * Lets another thread answer each request once the thread that found it is done with it, which is when the selector
     * looks for work again; and notes whether a thread that had given an answer found it.
     */
    private static final class Later extends Handler.Abstract {
        final List<String> found = new CopyOnWriteArrayList<>();

        Later(InvocationType type) {
            super(type);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            boolean afterAnswer = StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getClassName().equals(DeferredTasks.class.getName())));
            found.add(request.getHttpURI().getPath() + (afterAnswer ? " after an answer" : ""));
            ServerConnector connector =
                    (ServerConnector) request.getConnectionMetaData().getConnector();
            Runnable answers = () -> DeferredTasks.following(() -> response.write(true, null, callback));
            connector.getSelectorManager().getBean(ManagedSelector.class).submit(selector -> connector
                    .getExecutor()
                    .execute(answers));
            return true;
        }
    }

    @Test
    void theThreadThatHasAnsweredFindsTheNextRequest() throws Exception {
        assertThat(found(InvocationType.NON_BLOCKING)).containsExactly("/first", "/second after an answer");
    }

    @Test
    void butNotWhereARequestMayBlockIt() throws Exception {
        assertThat(found(InvocationType.BLOCKING)).containsExactly("/first", "/second");
    }

    @Test
    void aPoolOfTheConnectorsOwnIsLeftAsItIs() {
        Server server = new Server();
        ThreadPool own = new QueuedThreadPool();

        assertThat(ConnectorThreads.of(server, own)).isSameAs(own);
        assertThat(ConnectorThreads.of(server, server.getThreadPool())).isInstanceOf(ConnectorThreads.class);
        assertThat(ConnectorThreads.of(server, null)).isInstanceOf(ConnectorThreads.class);
    }

    private static List<String> found(InvocationType type) throws Exception {
        Server server = new Server();
        Later handler = new Later(type);
        server.setHandler(handler);
        ServerConnector connector = new ServerConnector(
                server,
                ConnectorThreads.of(server, null),
                null,
                null,
                1,
                1,
                new HttpConnectionFactory(new HttpConfiguration()));
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        server.start();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
            socket.getOutputStream().write(TWO_REQUESTS.getBytes(US_ASCII));
            assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).lines())
                    .filteredOn(line -> line.startsWith("HTTP/1.1"))
                    .containsExactly("HTTP/1.1 200 OK", "HTTP/1.1 200 OK");
        } finally {
            server.stop();
        }
        return handler.found;
    }
}
