package io.snowline.coordination.etcd;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.snowline.coordination.CoordinatorUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Translates the client's failures into exceptions of the contract, with messages for the operator.
 *
 * @param backend the backend's name in messages
 * @param user the user that this process logs in as, if any
 */
record EtcdFailures(String backend, @Nullable String user, Duration requestTimeout) {

    private static final String NO_LEADER = "etcdserver: no leader";
    private static final String LEASE_GONE = "requested lease not found";
    private static final String COMPACTED = "revision has been compacted";

    private static final List<String> LOGIN =
            List.of("authentication failed", "user name", "invalid auth token", "authentication is not enabled");
    private static final List<String> DENIED = List.of("permission denied");
    private static final List<String> OUTDATED_LOGIN = List.of("invalid auth token", "revision of auth store is old");

    private static final List<String> ANOTHER_PROTOCOL = List.of("Http2Exception", "HTTP status code", "HTTP/2");

    // A server that expects TLS may hang up on a client that does not use it, before the client has read why. If the
    // server has answered before, the same failure means that it is shutting down.
    private static final List<String> HUNG_UP = List.of("Network closed for unknown reason", "Connection reset");

    /**
     * What a member says before it has looked at a request (etcd's {@code v3rpc/interceptor.go}) or proposed it to the
     * others ({@code processInternalRaftRequestOnce}). "server stopped" is not among them: etcd says that also of a
     * request that it had proposed before it stopped.
     */
    private static final List<String> REFUSED_FOR_CERTAIN =
            List.of("rpc not supported for learner", NO_LEADER, "etcdserver: too many requests");

    /** What every member would say, or what passes by itself. */
    private static final List<String> SAID_BY_ALL =
            List.of("database space exceeded", LEASE_GONE, COMPACTED, "etcdserver: leader changed");

    private static final int DEEPEST = 20;

    /** Tells whether the request found no connection, so that no server has seen it. */
    static boolean isUnsent(Throwable e) {
        return chain(e).stream().anyMatch(t -> t instanceof StatusRuntimeException s && CallGuard.isUnsent(s));
    }

    /** Tells whether the member refused before doing anything, as another member may not. */
    static boolean isRefusedForCertain(Throwable e) {
        return says(chain(e), REFUSED_FOR_CERTAIN);
    }

    /** Tells whether the member has no leader: there is none, or it is cut off from the others. */
    static boolean hasNoLeader(Throwable e) {
        return says(chain(e), List.of(NO_LEADER));
    }

    /** Tells whether another member may fare better. */
    static boolean blamesTheMember(Throwable e) {
        List<Throwable> chain = chain(e);
        return isRefusedForCertain(e)
                || !(says(chain, DENIED)
                        || says(chain, LOGIN)
                        || says(chain, OUTDATED_LOGIN)
                        || says(chain, SAID_BY_ALL));
    }

    /** Tells whether no answer came in time. */
    static boolean isLate(Exception e) {
        return chain(e).stream().anyMatch(EtcdFailures::ranOut);
    }

    /** Tells whether etcd refused, before doing anything, because the login has to be renewed. */
    static boolean loginIsOutdated(Throwable e) {
        return says(chain(e), OUTDATED_LOGIN);
    }

    /** Tells whether etcd refused the login itself. */
    static boolean loginIsRefused(Throwable e) {
        return says(chain(e), LOGIN);
    }

    /** Tells whether the lease to be used is gone, so that nothing was done. */
    static boolean leaseIsGone(Throwable e) {
        return says(chain(e), List.of(LEASE_GONE));
    }

    /** Tells whether the revision that was asked for has been compacted. */
    static boolean isCompacted(Throwable e) {
        return says(chain(e), List.of(COMPACTED));
    }

    /** Tells whether the login lacks the permission, so that nothing was done. */
    static boolean isDenied(Throwable e) {
        return says(chain(e), DENIED);
    }

    /**
     * Returns the exception to throw.
     *
     * @param answeredBefore whether etcd has answered this process before, so that its protocol is known to be right
     */
    CoordinatorUnavailableException explain(Exception e, boolean answeredBefore) {
        return new CoordinatorUnavailableException(message(chain(e), answeredBefore), e);
    }

    private String message(List<Throwable> chain, boolean answeredBefore) {
        String reason = reason(chain);
        if (says(chain, DENIED)) {
            return "%s refused %s: %s; it needs read and write on the keys below prefix"
                    .formatted(backend, user == null ? "this client" : "user '" + user + "'", reason);
        }
        if (says(chain, LOGIN)) {
            return "%s refused the login%s: %s; check username and password"
                    .formatted(backend, user == null ? " without user" : " of user '" + user + "'", reason);
        }
        if (chain.stream().anyMatch(SSLException.class::isInstance)) {
            return "%s could not be trusted, or does not trust us: %s; check tls.ca, tls.certificate, the names in the server's"
                            .formatted(backend, reason)
                    + " certificate, and whether endpoints are https";
        }
        if (says(chain, List.of("database space exceeded"))) {
            return "%s is full and takes no writes: %s; compact it, defragment it and disarm its alarm"
                    .formatted(backend, reason);
        }
        return "%s %s".formatted(backend, silence(chain, reason, answeredBefore));
    }

    private String silence(List<Throwable> chain, String reason, boolean answeredBefore) {
        if (says(chain, List.of("rpc not supported for learner"))) {
            return "is a learner and serves no steps: %s; promote it, or take it out of endpoints".formatted(reason);
        }
        if (says(chain, List.of("etcdserver: "))) {
            return "cannot serve now: " + reason;
        }
        if (says(chain, ANOTHER_PROTOCOL) || (!answeredBefore && says(chain, HUNG_UP))) {
            return "did not answer as etcd does: %s; check endpoints, and whether they are http or https"
                    .formatted(reason);
        }
        boolean late = chain.stream().anyMatch(EtcdFailures::ranOut);
        return late
                ? "did not answer within requestTimeout, %s ms".formatted(requestTimeout.toMillis())
                : "did not answer: " + reason;
    }

    private static boolean ranOut(Throwable e) {
        return e instanceof TimeoutException
                || (e instanceof StatusRuntimeException late
                        && late.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED);
    }

    private static boolean says(List<Throwable> chain, List<String> texts) {
        return chain.stream().map(String::valueOf).anyMatch(said -> texts.stream()
                .anyMatch(said::contains));
    }

    /** Returns the message of the innermost exception, which is closest to what happened. */
    private static String reason(List<Throwable> chain) {
        Throwable root = chain.get(chain.size() - 1);
        String text = description(root);
        return text == null
                ? root.getClass().getSimpleName()
                : text.lines().findFirst().orElse("").strip();
    }

    private static @Nullable String description(Throwable e) {
        if (e instanceof StatusRuntimeException failure && failure.getStatus().getDescription() != null) {
            return failure.getStatus().getDescription();
        }
        if (e instanceof StatusException failure && failure.getStatus().getDescription() != null) {
            return failure.getStatus().getDescription();
        }
        return e.getMessage();
    }

    /**
     * Returns the cause; for a connection that is closed during a TLS handshake, the handshake's failure, attached as
     * suppressed.
     */
    private static @Nullable Throwable inner(Throwable e) {
        Throwable cause = e.getCause();
        if (cause != null) {
            return cause;
        }
        return e.getSuppressed().length > 0 && e.getSuppressed()[0] instanceof SSLException failure ? failure : null;
    }

    private static List<Throwable> chain(Throwable e) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable next = e; next != null && chain.size() < DEEPEST; next = inner(next)) {
            chain.add(next);
        }
        return chain;
    }
}
