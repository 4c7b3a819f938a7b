package io.snowline.coordination.zookeeper;

import io.snowline.coordination.support.Login;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NoAuthException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;

/** Warns about a ZooKeeper that is set up in a way that can cost records. */
final class ZooKeeperAdvice {

    private ZooKeeperAdvice() {}

    static List<String> on(Conversation conversation, Login login) throws KeeperException {
        List<String> open = new ArrayList<>();
        for (String path : List.of(Znodes.ROOT, Znodes.TRACES)) {
            if (isOpen(conversation, path)) {
                open.add(path);
            }
        }
        if (open.isEmpty()) {
            return List.of();
        }
        String cure = login.isNone()
                ? "set username and password before the first start, or setAcl on what is there"
                : "it was made without a login; setAcl on it and on what is below";
        return List.of("%s lets every client write and delete %s, which can cause duplicates; %s"
                .formatted(conversation.backend(), String.join(" and ", open), cure));
    }

    private static boolean isOpen(Conversation conversation, String path) throws KeeperException {
        try {
            return conversation.aclOf(path).stream().anyMatch(ZooKeeperAdvice::letsEverybodyWrite);
        } catch (NoNodeException e) {
            return false; // nothing was ever written
        } catch (NoAuthException e) {
            return false; // this process may not look, either
        }
    }

    private static boolean letsEverybodyWrite(ACL acl) {
        int harmful = Perms.WRITE | Perms.DELETE | Perms.CREATE | Perms.ADMIN;
        return acl.getId().equals(Ids.ANYONE_ID_UNSAFE) && (acl.getPerms() & harmful) != 0;
    }
}
