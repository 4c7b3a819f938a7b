package io.snowline.coordination.etcd;

import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Names;
import java.time.Duration;
import java.util.List;

/** A key that holds the holder's token and is attached to a lease. Thread-safe. */
final class EtcdLock implements DistributedLock {

    private final EtcdBackend backend;
    private final SharedLeases leases;
    private final String key;

    EtcdLock(EtcdBackend backend, SharedLeases leases, String key) {
        this.backend = backend;
        this.leases = leases;
        this.key = key;
    }

    @Override
    public boolean tryLock(String token, Duration expiry) {
        Names.requireToken(token);
        Checks.requireKeepable("expiry", expiry);
        return !isHeld()
                && leases.lasting(expiry, option -> {
                    Cmp free = new Cmp(EtcdKeys.bytes(key), Cmp.Op.EQUAL, CmpTarget.version(0));
                    Op take = Op.put(EtcdKeys.bytes(key), EtcdKeys.bytes(token), option);
                    return backend.transact(List.of(free), List.of(take), List.of())
                            .isSucceeded();
                });
    }

    /**
     * Also called before an attempt: most attempts on a lock in use fail, and a read needs neither a lease nor a log
     * entry.
     */
    @Override
    public boolean isHeld() {
        return !backend.read(Op.get(EtcdKeys.bytes(key), GetOption.DEFAULT))
                .getGetResponses()
                .get(0)
                .getKvs()
                .isEmpty();
    }

    @Override
    public boolean unlock(String token) {
        Cmp mine = new Cmp(EtcdKeys.bytes(key), Cmp.Op.EQUAL, CmpTarget.value(EtcdKeys.bytes(token)));
        Op delete = Op.delete(EtcdKeys.bytes(key), DeleteOption.DEFAULT);
        return backend.transact(List.of(mine), List.of(delete), List.of()).isSucceeded();
    }

    @Override
    public String toString() {
        return "lock " + key;
    }
}
