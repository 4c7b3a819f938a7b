package io.snowline.coordination.zookeeper;

import io.snowline.coordination.support.TlsSettings;
import io.snowline.coordination.zookeeper.ConnectString.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why there is no connection, which ZooKeeper's client reports only in its log: connects to each server once
 * and closes the connection again. Looking up a host's name has no deadline in Java, so that is done by a separate
 * thread, one at a time.
 *
 * <p>Thread-safe.
 */
final class ConnectionProbe {

    private static final int PATIENCE_MILLIS = 300;

    /** How long a server that is full may take to hang up. */
    private static final int MOMENT_MILLIS = 50;

    private final List<Server> servers;
    private final @Nullable TlsSettings tls;
    private final AtomicBoolean busy = new AtomicBoolean();

    ConnectionProbe(List<Server> servers, @Nullable TlsSettings tls) {
        this.servers = servers;
        this.tls = tls;
    }

    /** Returns what happened with each server, as text for messages. */
    String findings() {
        if (!busy.compareAndSet(false, true)) {
            return "why is being looked into";
        }
        FutureTask<String> task = new FutureTask<>(this::askAll);
        Thread thread = new Thread(task, "snowline-zookeeper-probe");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get((servers.size() + 1L) * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return "looking up or connecting to its servers takes too long";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the thread was interrupted";
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }

    private String askAll() {
        try {
            return servers.stream().map(server -> server + ": " + ask(server)).collect(Collectors.joining("; "));
        } finally {
            busy.set(false);
        }
    }

    private String ask(Server server) {
        try (Socket socket = new Socket()) {
            InetAddress address = InetAddress.getByName(server.host());
            if (hangsUp(socket, new InetSocketAddress(address, server.port()))) {
                return "hangs up at once (it has maxClientCnxns connections from this address already, 60 unless set)";
            }
            socket.setSoTimeout(PATIENCE_MILLIS);
            if (tls == null) {
                return "takes connections and gives no session (it has no quorum, or speaks TLS only)";
            }
            handshake(tls, socket, address);
            return "takes connections and gives no session (it has no quorum, or wants a client certificate)";
        } catch (UnknownHostException e) {
            return "unknown host";
        } catch (SSLException e) {
            return (e.getCause() instanceof CertificateException ? "its certificate is not accepted: " : "no TLS: ")
                    + e.getMessage();
        } catch (SocketTimeoutException e) {
            return "no answer";
        } catch (IOException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /**
     * Connects, and tells whether the server closes a connection on which nothing was sent, as ZooKeeper does when it is
     * full. It may do so before the connection is seen to be there.
     */
    private static boolean hangsUp(Socket socket, InetSocketAddress server) throws IOException {
        try {
            socket.connect(server, PATIENCE_MILLIS);
            socket.setSoTimeout(MOMENT_MILLIS);
            return socket.getInputStream().read() < 0;
        } catch (ConnectException | NoRouteToHostException e) {
            throw e;
        } catch (SocketTimeoutException e) {
            if (!socket.isConnected()) {
                throw e;
            }
            return false;
        } catch (SocketException e) { // reset, or a broken pipe if it was closed before
            return true;
        }
    }

    /**
     * ZooKeeper's client looks up the name of a server given by its IP address and checks the certificate for that
     * name.
     */
    private static void handshake(TlsSettings settings, Socket connected, InetAddress address) throws IOException {
        try (SSLSocket socket = (SSLSocket) settings.context()
                .getSocketFactory()
                .createSocket(connected, address.getHostName(), connected.getPort(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        }
    }
}
