package com.example;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.grpc.stub.StreamObserver;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.etcd.EtcdCoordinatorFactory;
import io.snowline.coordination.redis.RedisCoordinatorFactory;
import io.snowline.coordination.zookeeper.ZooKeeperCoordinatorFactory;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Issues IDs on three backends at the same time, and also has an etcd lease kept alive. */
public final class Consumer {

    private static final int COUNT = 40_000;

    private Consumer() {}

    /** Arguments: the Redis URI, ZooKeeper's connect string and etcd's endpoint. */
    public static void main(String... arguments) throws Exception {
        RedisCoordinatorFactory redis = new RedisCoordinatorFactory();
        redis.setUri(arguments[0]);
        ZooKeeperCoordinatorFactory zooKeeper = new ZooKeeperCoordinatorFactory();
        zooKeeper.setConnectString(arguments[1]);
        EtcdCoordinatorFactory etcd = new EtcdCoordinatorFactory();
        etcd.setEndpoints(List.of(arguments[2]));

        try (NodeCoordinator one = zooKeeper.open();
                NodeCoordinator two = etcd.open();
                NodeCoordinator three = redis.open();
                SnowflakeGenerator first = start(one);
                SnowflakeGenerator second = start(two);
                SnowflakeGenerator third = start(three)) {
            for (SnowflakeGenerator generator : List.of(first, second, third)) {
                issue(generator);
            }
            keepAlive(arguments[2]);
        }
        System.out.printf("3 backends, %d IDs each, none twice%n", COUNT);
    }

    private static SnowflakeGenerator start(NodeCoordinator coordinator) {
        return SnowflakeGenerator.builder(coordinator, "consumer")
                .maxLead(Duration.ofMinutes(1))
                .maxWait(Duration.ofSeconds(20))
                .start();
    }

    private static void issue(SnowflakeGenerator generator) throws InterruptedException {
        if (!generator.awaitReady(Duration.ofSeconds(30))) {
            throw new IllegalStateException("no IDs: " + generator.status());
        }
        long[] batch = new long[COUNT];
        generator.nextIds(batch);
        if (Arrays.stream(batch).distinct().count() != COUNT) {
            throw new IllegalStateException("an ID is there twice");
        }
    }

    /** Uses a part of etcd that Snowline does not: it breaks first if versions of Netty are mixed. */
    private static void keepAlive(String endpoint) throws Exception {
        CompletableFuture<Long> kept = new CompletableFuture<>();
        try (Client client = Client.builder().endpoints(endpoint).build()) {
            long lease = client.getLeaseClient().grant(10).get(10, TimeUnit.SECONDS).getID();
            try (var keeping = client.getLeaseClient().keepAlive(lease, new Observer(kept))) {
                System.out.println("a lease of " + kept.get(20, TimeUnit.SECONDS) + " s is kept alive by " + keeping);
            }
        }
    }

    private record Observer(CompletableFuture<Long> kept) implements StreamObserver<LeaseKeepAliveResponse> {

        @Override
        public void onNext(LeaseKeepAliveResponse response) {
            kept.complete(response.getTTL());
        }

        @Override
        public void onError(Throwable e) {
            kept.completeExceptionally(e);
        }

        @Override
        public void onCompleted() {
            kept.completeExceptionally(new IllegalStateException("nothing is kept alive any more"));
        }
    }
}
