package io.snowline.testing;

import io.snowline.testing.EtcdServer.Ports;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A cluster of three members. Not thread-safe. */
public final class EtcdCluster implements AutoCloseable {

    private final List<EtcdServer> members;

    private EtcdCluster(List<EtcdServer> members) {
        this.members = members;
    }

    /** Starts three members, and waits until they have a leader. */
    public static EtcdCluster start() {
        return EtcdServer.retrying(EtcdCluster::tryStart);
    }

    private static EtcdCluster tryStart() {
        Map<String, Ports> ports = new LinkedHashMap<>();
        while (ports.size() < 3) {
            Ports free = Ports.free("127.0.0.1");
            if (!ports.containsValue(free)) {
                ports.put("m" + ports.size(), free);
            }
        }
        List<EtcdServer> members = new ArrayList<>();
        ports.forEach((name, own) -> members.add(EtcdServer.prepare(name, own, ports)));
        EtcdCluster cluster = new EtcdCluster(members);
        try {
            members.forEach(EtcdServer::launch);
            members.forEach(EtcdServer::awaitHealthy);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    public List<EtcdServer> members() {
        return members;
    }

    /** Returns the client addresses of all members. */
    public List<String> endpoints() {
        return members.stream().map(EtcdServer::endpoint).toList();
    }

    /** Returns the member that leads; all must be running. */
    public EtcdServer leader() {
        return members.stream()
                .filter(member -> {
                    var status = member.status();
                    return status.getLeader() == status.getHeader().getMemberId();
                })
                .findFirst()
                .orElseThrow();
    }

    /** Starts members again together: alone, none of them would find a majority. */
    public void restart(List<EtcdServer> those) {
        those.forEach(EtcdServer::relaunch);
        those.forEach(EtcdServer::awaitHealthy);
    }

    @Override
    public void close() {
        members.forEach(EtcdServer::close);
    }

    @Override
    public String toString() {
        return "etcd at " + endpoints();
    }
}
