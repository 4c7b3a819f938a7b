package io.snowline.coordination.zookeeper;

import io.snowline.coordination.support.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.common.PathUtils;

/**
 * The servers of an ensemble, and the znode under which all data of this client lies.
 *
 * @param text as configured: {@code host[:port],host[:port]/chroot}
 * @param chroot begins with a slash; empty if there is none
 */
record ConnectString(String text, List<Server> servers, String chroot) {

    private static final int DEFAULT_PORT = 2181;
    private static final int FEWEST_ADDRESSES = 3;
    private static final int HIGHEST_PORT = 65535;
    private static final Pattern SERVER =
            Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9][A-Za-z0-9._-]*)(?::([0-9]{1,5}))?");

    /** One server's address. */
    record Server(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** @throws IllegalArgumentException if the text names no servers, or its chroot is not the path of a znode */
    static ConnectString parse(String text) {
        int slash = text.indexOf('/');
        String chroot = slash < 0 ? "" : text.substring(slash);
        List<Server> servers = new ArrayList<>();
        for (String server : (slash < 0 ? text : text.substring(0, slash)).split(",", -1)) {
            servers.add(server(server, text));
        }
        if (!chroot.isEmpty()) {
            requirePath(chroot, text);
        }
        return new ConnectString(text, List.copyOf(servers), chroot);
    }

    private static Server server(String server, String text) {
        Matcher matcher = SERVER.matcher(server);
        if (!matcher.matches()) {
            throw refused("host[:port] between commas, then perhaps a chroot such as /ids", text);
        }
        int port = matcher.group(2) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(2));
        if (port < 1 || port > HIGHEST_PORT) {
            throw refused("ports from 1 to 65535", text);
        }
        return new Server(matcher.group(1), port);
    }

    private static void requirePath(String chroot, String text) {
        try {
            PathUtils.validatePath(chroot);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    refused("a chroot that is a path", text).getMessage(), e);
        }
        if (chroot.length() == 1) {
            throw refused("a chroot that is a path", text);
        }
    }

    private static IllegalArgumentException refused(String rule, String text) {
        return new IllegalArgumentException(
                "connectString must have %s, got '%s'".formatted(rule, Secrets.maskLogin(text)));
    }

    /**
     * Returns the connect string for ZooKeeper's client, in which few servers are named several times. The client
     * divides the session timeout by the number of addresses to get the timeout of a connection attempt, and pauses for
     * a second when it returns to the address that it had last. For a single server that is away for a moment, both
     * would be far too long.
     */
    String forClient() {
        List<String> addresses = new ArrayList<>();
        while (addresses.size() < FEWEST_ADDRESSES) {
            servers.forEach(server -> addresses.add(server.toString()));
        }
        return String.join(",", addresses) + chroot;
    }

    @Override
    public String toString() {
        return text;
    }
}
