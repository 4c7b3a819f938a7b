package io.snowline.coordination.redis;

/**
 * A server or a Sentinel, as messages name it.
 *
 * @param name with its address
 * @param tls whether TLS is spoken with it
 */
record Peer(String name, Role role, boolean tls) {

    /** How its address is known, and what belongs to it in the settings. */
    enum Role {
        SINGLE("username and password", RedisFailures.PERMISSIONS, "check uri"),
        OF_CLIENT("the client's login", RedisFailures.PERMISSIONS, "check the client"),
        SENTINEL(
                "sentinel.username and sentinel.password", "+sentinel|get-master-addr-by-name", "check sentinel.nodes"),
        NODE("username and password", RedisFailures.PERMISSIONS, "check cluster.nodes"),
        /** Its address was told by a Sentinel or a node. */
        MASTER(
                "username and password",
                RedisFailures.PERMISSIONS,
                "if it has another address for this process, give that in addresses");

        /** The settings of the login. */
        final String login;

        /** What the user needs there. */
        final String permissions;

        /** What to do if it is another server than this, or none. */
        final String whereabouts;

        Role(String login, String permissions, String whereabouts) {
            this.login = login;
            this.permissions = permissions;
            this.whereabouts = whereabouts;
        }
    }

    static Peer single(RedisUri uri) {
        return new Peer("Redis at " + uri, Role.SINGLE, uri.tls());
    }

    static Peer ofClient() {
        return new Peer("Redis of the client given", Role.OF_CLIENT, false);
    }

    static Peer sentinel(String cluster, String address, boolean tls) {
        return new Peer(cluster + ": the Sentinel at " + address, Role.SENTINEL, tls);
    }

    static Peer node(String cluster, String address, boolean tls) {
        return new Peer(cluster + ": the node at " + address, Role.NODE, tls);
    }

    static Peer master(String cluster, String address, boolean tls) {
        return new Peer(cluster + ": the master at " + address, Role.MASTER, tls);
    }

    @Override
    public String toString() {
        return name;
    }
}
