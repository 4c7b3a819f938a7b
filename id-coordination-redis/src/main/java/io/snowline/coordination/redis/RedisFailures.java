package io.snowline.coordination.redis;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.redis.Peer.Role;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisBusyException;
import redis.clients.jedis.exceptions.JedisClusterException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Translates Jedis' exceptions into those of the contract, with messages for the operator: which server or Sentinel, at
 * which address, refused what, and what to do.
 *
 * <p>Redis 7 passes on the error of a command inside a script with its code in front; Redis 5 and 6 wrap it into "ERR
 * Error running script", with the code somewhere in the text. So codes are looked for anywhere in the message.
 */
final class RedisFailures {

    /** The permissions that a user needs, in the syntax of {@code ACL SETUSER}. */
    static final String PERMISSIONS =
            "~id_gen:* ~id_gen_lock:* +eval +evalsha +time +info +hget +hset +hgetall +get +set +del"
                    + " +wait (and +select for a database other than 0, +cluster|slots +asking in a Cluster)";

    private static final List<String> MISSING_PERMISSION =
            List.of("NOPERM", "can't run this command", "can't access at least one of the keys");
    private static final List<String> ANOTHER_IS_MASTER = List.of("READONLY", "MASTERDOWN", "LOADING", "UNBLOCKED");
    private static final List<String> NO_SUCH_COMMAND = List.of("unknown command", "Unknown Redis command");
    private static final List<String> HUNG_UP = List.of("Connection reset", "Unexpected end of stream", "Broken pipe");
    private static final String CLIENT_CERTIFICATE =
            "if it wants a client certificate, set tls.certificate and tls.key, or tls.keyStore";
    private static final int LONGEST_REASON = 200;

    private RedisFailures() {}

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

    /**
     * Tells whether nothing was done because the slot of several keys is being moved; with one key at a time it can be
     * done.
     */
    static boolean isBetweenTwoMasters(CoordinatorUnavailableException e) {
        return e.getCause() instanceof JedisDataException refusal
                && String.valueOf(refusal.getMessage()).startsWith("TRYAGAIN");
    }

    /**
     * Returns the exception to throw for a step on a key.
     *
     * @param answeredBefore whether this server has answered this process before, so that its address and its protocol
     *     are known to be right
     */
    static RuntimeException explain(JedisException e, Peer peer, boolean answeredBefore, String key) {
        if (says(e, List.of("WRONGTYPE"))) {
            return new UnreadableRecordException(
                    "key %s of %s holds something that is not Snowline's: %s".formatted(key, peer, reason(e)), e);
        }
        return explain(e, peer, answeredBefore);
    }

    /** Returns the exception to throw for a question about other servers. */
    static CoordinatorUnavailableException explain(JedisException e, Peer peer, boolean answeredBefore) {
        String what = root(e) instanceof JedisDataException ? refusal(e, peer) : silence(e, peer, answeredBefore);
        return new CoordinatorUnavailableException(peer + " " + what, e);
    }

    /** Returns the exception to throw after each of several servers has failed. */
    static CoordinatorUnavailableException together(List<CoordinatorUnavailableException> failures) {
        CoordinatorUnavailableException last = failures.get(failures.size() - 1);
        return failures.size() == 1
                ? last
                : new CoordinatorUnavailableException(
                        failures.stream().map(Throwable::getMessage).collect(Collectors.joining(" / ")), last);
    }

    private static String refusal(JedisException e, Peer peer) {
        String reason = reason(e);
        if (says(e, MISSING_PERMISSION)) {
            return "refused a command to this user: %s; it needs %s".formatted(reason, peer.role().permissions);
        }
        if (says(e, List.of("NOAUTH"))) {
            return "wants a login: %s; set %s".formatted(reason, peer.role().login);
        }
        if (root(e) instanceof JedisAccessControlException || says(e, List.of("invalid password"))) {
            return "refused the login: %s; check %s".formatted(reason, peer.role().login);
        }
        if (says(e, NO_SUCH_COMMAND)) {
            return "lacks a command that Snowline's scripts need: %s; EVAL, EVALSHA, INFO and TIME must not be renamed or off"
                    .formatted(reason);
        }
        if (says(e, List.of("NOIDENTITY"))) {
            return "does not show its identity, so a loss of data could not be noticed: %s; it must be a Redis whose INFO"
                            .formatted(reason)
                    + " has the sections server and replication";
        }
        if (e instanceof JedisRedirectionException && peer.role() == Role.SINGLE) {
            return "is a node of a Redis Cluster; name it in cluster.nodes, not in uri: " + reason;
        }
        return "cannot serve now: " + reason;
    }

    private static String silence(JedisException e, Peer peer, boolean answeredBefore) {
        String reason = reason(e);
        if (reason.startsWith("Unknown reply")) {
            return "answers as no Redis does: %s; %s".formatted(reason, peer.role().whereabouts);
        }
        String advice = peer.tls() ? tlsAdvice(reason) : "";
        if (advice.isEmpty() && !answeredBefore) {
            advice = firstAdvice(root(e), reason, peer);
        }
        return "did not answer: " + reason + (advice.isEmpty() ? "" : "; " + advice);
    }

    private static String tlsAdvice(String reason) {
        if (reason.contains("certification path") || reason.contains("PKIX")) {
            return "its certificate is not trusted: set tls.ca or tls.trustStore";
        }
        if (reason.contains("certificate_required") || reason.contains("bad_certificate")) {
            return CLIENT_CERTIFICATE;
        }
        return reason.contains("subject alternative") || reason.contains("No name matching")
                ? "its certificate has another name: let Sentinels or the Cluster announce host names"
                        + " (resolve-hostnames and announce-hostnames, cluster-announce-hostname), or set tls.verifyHostname: false"
                : "";
    }

    /** Returns what to do if a server has never answered. */
    private static String firstAdvice(Throwable root, String reason, Peer peer) {
        if (HUNG_UP.stream().anyMatch(reason::contains)) {
            return peer.tls() ? CLIENT_CERTIFICATE : "if it speaks TLS only, say rediss:// or give a tls block";
        }
        boolean noTls = root instanceof SSLException || reason.contains("Read timed out");
        return peer.tls() && noTls ? "if it speaks no TLS, say redis:// or leave out tls" : peer.role().whereabouts;
    }

    private static boolean says(JedisException e, List<String> codes) {
        Throwable root = root(e);
        String reason = String.valueOf(root.getMessage());
        return root instanceof JedisDataException && codes.stream().anyMatch(reason::contains);
    }

    private static String reason(Throwable e) {
        Throwable root = root(e);
        String message = root.getMessage();
        String text = message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
        String bounded = text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "...";
        return root instanceof JedisBusyException ? bounded + " (a long script of another client)" : bounded;
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
