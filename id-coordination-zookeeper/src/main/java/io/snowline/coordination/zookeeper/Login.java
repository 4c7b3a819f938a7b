package io.snowline.coordination.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * A user of ZooKeeper's digest scheme, or nobody. ZooKeeper takes any password: a wrong one shows as a lack of permission
 * on znodes that were made under the right one.
 */
record Login(@Nullable String user, @Nullable String password) {

    static final String SCHEME = "digest";

    /**
     * @throws IllegalArgumentException if one of the two is missing, or the user's name has a colon
     */
    Login {
        if ((user == null) != (password == null)) {
            throw new IllegalArgumentException("username and password must be set together, got "
                    + (user == null ? "password" : "username") + " alone");
        }
        if (user != null && user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("username must have no ':', got '" + user + "'");
        }
    }

    boolean isNobody() {
        return user == null;
    }

    byte[] secret() {
        return (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns who may use the znodes that are made under this login: its user alone, or everybody if there is none. */
    List<ACL> acl() {
        return isNobody() ? ZooDefs.Ids.OPEN_ACL_UNSAFE : ZooDefs.Ids.CREATOR_ALL_ACL;
    }

    @Override
    public String toString() {
        return user == null ? "nobody" : "user '" + user + "'";
    }
}
