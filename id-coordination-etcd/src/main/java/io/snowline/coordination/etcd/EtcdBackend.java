package io.snowline.coordination.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.snowline.coordination.CoordinatorUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Sends requests to etcd. One that a member certainly did not execute goes to the next member: it found no connection,
 * or the member refused because it is a learner, has no leader or is too busy. One that may have been executed is never
 * sent again. While no member has a leader, as during an election, all are asked until {@code requestTimeout} has passed.
 *
 * <p>Thread-safe. A request takes at most the time of {@link Member#ask} after {@code requestTimeout}.
 */
final class EtcdBackend implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(EtcdBackend.class.getName());
    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final Connector connector;
    private final Members members;

    EtcdBackend(Connector connector) {
        this.connector = connector;
        this.members = new Members(connector.apart().stream().map(Member::new).toList());
    }

    /**
     * Runs a transaction.
     *
     * @throws CoordinatorUnavailableException if it is unknown whether it ran
     */
    TxnResponse transact(List<Cmp> conditions, List<Op> then, List<Op> otherwise) {
        return ask(client -> transaction(client, conditions, then, otherwise));
    }

    /** Reads in one transaction, which unlike a plain read is not retried by jetcd. */
    TxnResponse read(Op... gets) {
        return transact(List.of(), List.of(gets), List.of());
    }

    private static CompletableFuture<TxnResponse> transaction(
            Client client, List<Cmp> conditions, List<Op> then, List<Op> otherwise) {
        return client.getKVClient()
                .txn()
                .If(conditions.toArray(Cmp[]::new))
                .Then(then.toArray(Op[]::new))
                .Else(otherwise.toArray(Op[]::new))
                .commit();
    }

    /**
     * Asks one member for its status, on a separate connection: if that member is away, the connections to the others
     * are not affected.
     *
     * @throws CoordinatorUnavailableException if it did not answer
     */
    StatusResponse status(Endpoint endpoint) {
        try {
            return members.at(endpoint)
                    .ask(client -> client.getMaintenanceClient().statusMember(endpoint.toString()));
        } catch (Member.Failure e) {
            throw e.explained;
        }
    }

    List<Endpoint> endpoints() {
        return connector.endpoints();
    }

    /**
     * Sends a request.
     *
     * @throws CoordinatorUnavailableException if there was no answer
     */
    <T> T ask(Function<Client, CompletableFuture<T>> question) {
        members.due().forEach(this::probe);
        long end = System.nanoTime() + connector.requestTimeout().toNanos();
        Map<Member, Member.Failure> refusals = new LinkedHashMap<>(); // the latest of each member
        for (boolean electing = false; ; electing = true) {
            for (Member member : members.inTurn()) {
                try {
                    T answer = member.ask(question);
                    if (!electing) {
                        refusals.forEach(this::leaveOut);
                    }
                    members.answered(member);
                    return answer;
                } catch (Member.Failure e) {
                    refusals.put(member, e);
                    requireUnexecuted(member, e);
                }
                if (isOver(end)) {
                    throw summary(refusals.values());
                }
            }
            if (refusals.values().stream().noneMatch(EtcdFailures::hasNoLeader) || isOver(end - PAUSE_NANOS)) {
                throw summary(refusals.values());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /**
     * Makes sure that another member may be asked after this one. Those that only refused are left out once another has
     * answered, and not after an election, in which all are alike.
     */
    private void requireUnexecuted(Member member, Member.Failure failure) {
        if (!failure.unexecuted) {
            leaveOut(member, failure);
            throw failure.explained;
        }
    }

    private void leaveOut(Member member, Member.Failure failure) {
        if (failure.ofThisMember) {
            members.failed(member, String.valueOf(failure.explained.getMessage()));
        }
    }

    private static boolean isOver(long end) {
        return System.nanoTime() - end >= 0;
    }

    private CoordinatorUnavailableException summary(Collection<Member.Failure> refusals) {
        List<CoordinatorUnavailableException> each =
                refusals.stream().map(refusal -> refusal.explained).toList();
        CoordinatorUnavailableException last = each.get(each.size() - 1);
        String said = each.stream().map(Throwable::getMessage).collect(Collectors.joining(" / "));
        return each.size() == 1
                ? last
                : new CoordinatorUnavailableException(
                        "%s has no member that can serve: %s".formatted(this, said), last);
    }

    /** Reads from a member that is left out, as a step would. */
    private void probe(Member member) {
        Op get = Op.get(EtcdKeys.bytes(EtcdKeys.identity("")), GetOption.DEFAULT);
        try {
            member.probe(
                    client -> transaction(client, List.of(), List.of(get), List.of()), () -> members.answered(member));
        } catch (Member.Failure e) {
            LOG.log(System.Logger.Level.DEBUG, member + " could not be asked whether it answers again", e);
        }
    }

    @Override
    public void close() {
        members.close();
    }

    @Override
    public String toString() {
        return connector.toString();
    }
}
