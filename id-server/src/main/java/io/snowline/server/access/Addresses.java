package io.snowline.server.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** What counts as one address when something is bounded for each. */
public final class Addresses {

    private static final int PREFIX = 8;

    private Addresses() {}

    /** Returns an IPv4 address as it is, and of an IPv6 address the first 64 bits: a client has all the rest to itself. */
    public static String key(InetSocketAddress address) {
        InetAddress known = address.getAddress();
        return known instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(known.getAddress(), PREFIX))
                : address.getHostString();
    }
}
