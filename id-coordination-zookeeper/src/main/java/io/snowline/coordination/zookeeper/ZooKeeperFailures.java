package io.snowline.coordination.zookeeper;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.support.Login;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Explains ZooKeeper's failures to an operator. None of them tells whether a step was applied; the next view shows it.
 *
 * @param backend the backend's name in messages
 * @param chroot empty if there is none
 */
record ZooKeeperFailures(String backend, String chroot, Login login) {

    CoordinatorUnavailableException explain(KeeperException e) {
        return new CoordinatorUnavailableException(message(e.code(), e.getPath()), e);
    }

    CoordinatorUnavailableException noChroot(KeeperException e) {
        return new CoordinatorUnavailableException(
                "%s has no znode %s, the chroot of connectString; create it, or correct connectString"
                        .formatted(backend, chroot),
                e);
    }

    private String message(Code code, @Nullable String path) {
        return switch (code) {
            case NOAUTH -> noPermission(path);
            case AUTHFAILED, SESSIONCLOSEDREQUIRESASLAUTH ->
                login.isNone()
                        ? "%s wants a login (%s); set username and password".formatted(backend, code)
                        : "%s refused the login of %s (%s); check username and password"
                                .formatted(backend, login, code);
            case INVALIDACL ->
                "%s does not know %s, so that znodes cannot be made for it alone (%s)".formatted(backend, login, code);
            case UNIMPLEMENTED ->
                "%s does not know a request that reads several znodes (%s); it must be ZooKeeper 3.6 or later"
                        .formatted(backend, code);
            case NOTREADONLY -> "%s serves reads only, having no quorum (%s)".formatted(backend, code);
            case CONNECTIONLOSS, SESSIONEXPIRED, SESSIONMOVED, OPERATIONTIMEOUT, REQUESTTIMEOUT ->
                "%s did not answer: the connection was lost (%s)".formatted(backend, code);
            default -> "%s cannot serve now: %s%s".formatted(backend, code, path == null ? "" : " at " + path);
        };
    }

    /** Says that access to a znode was refused. */
    String noPermission(@Nullable String path) {
        String advice = login.isNone()
                ? "it belongs to a user; set username and password"
                : "it belongs to another user, or the password is not the one that it was made under";
        return "%s refused access to %s to %s: %s (NOAUTH); needed are create, read and write on %s and below"
                .formatted(
                        backend,
                        path == null ? "a znode" : path,
                        login,
                        advice,
                        Znodes.isTrace(path) ? Znodes.TRACES : Znodes.ROOT);
    }
}
