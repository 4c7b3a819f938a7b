package io.snowline.coordination.etcd;

import io.etcd.jetcd.maintenance.StatusResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.snowline.coordination.CoordinatorUnavailableException;
import java.util.ArrayList;
import java.util.List;

/** Warns about an etcd that is set up in a way that can stop it from accepting writes, or cost records. */
final class EtcdAdvice {

    /** etcd does not report its quota; this is three quarters of the default, 2 GiB. */
    static final long LARGE_DATABASE = 3L << 29;

    /** That many revisions, all of them kept, mean that there is no compaction, neither by time nor by number. */
    static final long MANY_REVISIONS = 100_000;

    private final EtcdBackend backend;
    private final String prefix;
    private final long largeDatabase;
    private final long manyRevisions;

    EtcdAdvice(EtcdBackend backend, String prefix) {
        this(backend, prefix, LARGE_DATABASE, MANY_REVISIONS);
    }

    EtcdAdvice(EtcdBackend backend, String prefix, long largeDatabase, long manyRevisions) {
        this.backend = backend;
        this.prefix = prefix;
        this.largeDatabase = largeDatabase;
        this.manyRevisions = manyRevisions;
    }

    /**
     * @throws CoordinatorUnavailableException if no member answered
     */
    List<String> get() {
        List<String> advice = new ArrayList<>();
        CoordinatorUnavailableException silence = null;
        boolean denied = false;
        long revision = 0;
        for (Endpoint endpoint : backend.endpoints()) {
            try {
                StatusResponse status = backend.status(endpoint);
                revision = Math.max(revision, status.getHeader().getRevision());
                onMember(endpoint, status, advice);
            } catch (CoordinatorUnavailableException e) {
                denied |= EtcdFailures.isDenied(e);
                silence = e;
            }
        }
        if (denied) {
            revision = Math.max(revision, readRevision());
            advice.add(withoutStatus());
        }
        if (revision == 0 && silence != null) {
            throw silence;
        }
        if (revision >= manyRevisions && neverCompacted()) {
            advice.add(
                    ("%s has kept all of its %s revisions and so was never compacted: its database grows with every renewal"
                                    + " until it takes no more writes; set auto-compaction-retention, for example to 1h")
                            .formatted(backend, revision));
        }
        return advice;
    }

    private long readRevision() {
        return backend.read(Op.get(EtcdKeys.bytes(EtcdKeys.identity(prefix)), GetOption.DEFAULT))
                .getHeader()
                .getRevision();
    }

    /** See etcd pull request 21666: the status is for administrators. */
    private String withoutStatus() {
        return ("%s does not tell its status to this user, as etcd does from 3.5.28 on unless the user has the role root:"
                        + " version, size and alarms are not checked, and a snapshot restored under the same cluster id"
                        + " is noticed only by processes that have seen a newer revision")
                .formatted(backend);
    }

    private void onMember(Endpoint endpoint, StatusResponse status, List<String> advice) {
        if (status.getDbSize() >= largeDatabase) {
            advice.add(
                    ("the database of etcd at %s has %s MiB, of which %s are in use; beyond quota-backend-bytes, 2048 MiB"
                                    + " unless set, it takes no more writes: check the quota, compaction and defragmentation")
                            .formatted(endpoint, status.getDbSize() >> 20, status.getDbSizeInUse() >> 20));
        }
        if (status.getErrorList().stream().anyMatch(error -> error.contains("NOSPACE"))) {
            advice.add(
                    "etcd at %s has the alarm NOSPACE and takes no writes: compact it, defragment it and disarm the alarm"
                            .formatted(endpoint));
        }
        if (status.isLearner()) {
            advice.add("etcd at %s is a learner and serves no steps: promote it, or take it out of endpoints"
                    .formatted(endpoint));
        } else if (status.getLeader() == 0) {
            advice.add("etcd at %s has no leader: there is no majority, or it is cut off from the others"
                    .formatted(endpoint));
        }
        if (losesData(status.getVersion())) {
            advice.add("etcd at %s is version %s, which can lose acknowledged writes in a crash; update it"
                    .formatted(endpoint, status.getVersion()));
        }
    }

    /** See etcd issues 13766 (3.5.0 to 3.5.2) and 14370 (a single member, before 3.4.21 and 3.5.5). */
    static boolean losesData(String version) {
        return version.matches("3\\.5\\.[0-4](\\D.*)?|3\\.4\\.(1?[0-9]|20)(\\D.*)?|3\\.[0-3]\\..*");
    }

    /** Reads at the first revision, which etcd refuses once that has been compacted. */
    private boolean neverCompacted() {
        GetOption first = GetOption.builder().withRevision(1).build();
        Op get = Op.get(EtcdKeys.bytes(EtcdKeys.identity(prefix)), first);
        try {
            return backend.read(get).getHeader().getRevision() > 0;
        } catch (CoordinatorUnavailableException e) {
            if (EtcdFailures.isCompacted(e)) {
                return false;
            }
            throw e;
        }
    }
}
