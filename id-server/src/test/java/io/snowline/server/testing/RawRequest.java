package io.snowline.server.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A connection that can send anything, however wrong. Not thread-safe. */
public final class RawRequest implements AutoCloseable {

    private final Socket socket;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

    /** Opens a connection to a port of this machine. */
    public RawRequest(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
    }

    /** Sends a text as UTF-8, and nothing after it. */
    public RawRequest send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Sends a request line with the headers that it needs, asking for the connection to be closed. */
    public RawRequest sendLine(String requestLine, String... headers) throws IOException {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return send(requestLine + "\r\nHost: localhost\r\nConnection: close\r\n" + more + "\r\n");
    }

    /** Waits until the server has begun to answer: by then it knows the request. */
    public void awaitBegin() throws IOException {
        answer.write(socket.getInputStream().read());
    }

    /** Returns everything that the server sends until it closes the connection; empty when it just does that. */
    public String answer() throws IOException {
        InputStream in = socket.getInputStream();
        byte[] some = new byte[8_192];
        try {
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                answer.write(some, 0, read);
            }
        } catch (SocketException e) {
            // Reset: the server closed the connection before it read all that was sent. What came before counts.
            return answer.toString(StandardCharsets.UTF_8);
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
