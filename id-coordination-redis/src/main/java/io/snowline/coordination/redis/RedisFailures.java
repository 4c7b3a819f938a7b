package io.snowline.coordination.redis;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.UnreadableRecordException;
import java.util.List;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisBusyException;
import redis.clients.jedis.exceptions.JedisClusterException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Translates Jedis' exceptions into those of the contract, with messages for the operator.
 *
 * <p>Redis 7 passes on the error of a command inside a script with its code in front; Redis 5 and 6 wrap it into "ERR
 * Error running script", with the code somewhere in the text. So codes are looked for anywhere in the message.
 *
 * @param backend the backend's name in messages
 */
record RedisFailures(String backend) {

    /** The permissions that a user needs, in the syntax of {@code ACL SETUSER}. */
    static final String PERMISSIONS =
            "~id_gen:* ~id_gen_lock:* +eval +evalsha +time +info +hget +hset +hgetall +get +set +del"
                    + " +wait (and +select for a database other than 0, +cluster|slots in a Cluster)";

    private static final List<String> MISSING_PERMISSION =
            List.of("NOPERM", "can't run this command", "can't access at least one of the keys");
    private static final List<String> ANOTHER_IS_MASTER = List.of("READONLY", "MASTERDOWN", "LOADING", "UNBLOCKED");

    /**
     * Tells whether the connections may lead to the wrong server, or nowhere: after everything but an answer of the
     * right server.
     */
    static boolean leadsAstray(JedisException e) {
        if (e instanceof JedisRedirectionException || e instanceof JedisClusterException) {
            return true;
        }
        return !(e instanceof JedisDataException) || says(e, ANOTHER_IS_MASTER);
    }

    /** Returns the exception to throw for a step on a key. */
    RuntimeException explain(JedisException e, String key) {
        if (says(e, List.of("WRONGTYPE"))) {
            return new UnreadableRecordException(
                    "key %s of %s holds something that is not Snowline's: %s".formatted(key, backend, reason(e)), e);
        }
        return new CoordinatorUnavailableException(message(e), e);
    }

    private String message(JedisException e) {
        String reason = reason(e);
        if (!(root(e) instanceof JedisDataException)) {
            return "%s did not answer: %s".formatted(backend, reason);
        }
        if (says(e, MISSING_PERMISSION)) {
            return "%s refused a command to this user: %s; it needs %s".formatted(backend, reason, PERMISSIONS);
        }
        if (root(e) instanceof JedisAccessControlException || says(e, List.of("invalid password"))) {
            return "%s refused the login: %s; check username and password".formatted(backend, reason);
        }
        if (says(e, List.of("NOIDENTITY"))) {
            return "%s does not show its identity, so a loss of data could not be noticed: %s; it must be a Redis whose INFO"
                            .formatted(backend, reason)
                    + " has the sections server and replication";
        }
        return "%s cannot serve now: %s".formatted(backend, reason);
    }

    private static boolean says(JedisException e, List<String> codes) {
        Throwable root = root(e);
        return root instanceof JedisDataException && codes.stream().anyMatch(reason(root)::contains);
    }

    private static String reason(Throwable e) {
        Throwable root = root(e);
        String message = root.getMessage();
        String text = message == null ? root.getClass().getSimpleName() : message;
        return root instanceof JedisBusyException ? text + " (a long script of another client)" : text;
    }

    /** Returns the most telling exception: Jedis attaches the cause of a failed connection as a suppressed one. */
    private static Throwable root(Throwable e) {
        Throwable root = e;
        for (Throwable next = inner(root); next != root; next = inner(root)) {
            root = next;
        }
        return root;
    }

    private static Throwable inner(Throwable e) {
        if (e instanceof JedisDataException) {
            return e;
        }
        Throwable cause = e.getCause();
        if (cause != null) {
            return cause;
        }
        return e.getSuppressed().length > 0 ? e.getSuppressed()[0] : e;
    }
}
