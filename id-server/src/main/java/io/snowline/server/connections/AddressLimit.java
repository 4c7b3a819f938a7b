package io.snowline.server.connections;

import io.snowline.server.access.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;

/**
 * Closes connections of an address that has too many already, as soon as they are accepted.
 *
 * <p>Thread-safe.
 */
final class AddressLimit implements SelectorManager.AcceptListener {

    private final int most;
    private final LongAdder refused = new LongAdder();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    /** A closed channel does not know its address any more. */
    private final Map<SelectableChannel, String> addresses = new ConcurrentHashMap<>();

    /** @param most connections of one address, at least 1 */
    AddressLimit(int most) {
        this.most = most;
    }

    /** Returns how many connections were closed. */
    long refused() {
        return refused.sum();
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        String address = addressOf(channel);
        addresses.put(channel, address);
        if (counts.merge(address, 1, Integer::sum) > most) {
            refused.increment();
            IO.close(channel); // Jetty then fails to use it, and reports that below
        }
    }

    private static String addressOf(SelectableChannel channel) {
        try {
            return channel instanceof SocketChannel socket
                            && socket.getRemoteAddress() instanceof InetSocketAddress inet
                    ? Addresses.key(inet)
                    : "";
        } catch (IOException e) {
            return ""; // closed already, by the client or another limit: counted with the unknown ones for a moment
        }
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        forget(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        forget(channel);
    }

    private void forget(SelectableChannel channel) {
        String address = addresses.remove(channel);
        if (address != null) {
            counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }
}
