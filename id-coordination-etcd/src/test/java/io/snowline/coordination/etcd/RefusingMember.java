package io.snowline.coordination.etcd;

import io.grpc.CallOptions;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.snowline.testing.EtcdServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Another address of a real etcd, which refuses some calls as a member in another state, or of another release, does.
 * Logins are not passed on. Thread-safe.
 */
final class RefusingMember extends HandlerRegistry implements AutoCloseable {

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private final ManagedChannel etcd;
    private final Server server;
    private final Map<String, Status> refusals = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private volatile Duration refusing = Duration.ZERO;

    RefusingMember(EtcdServer behind) {
        etcd = NettyChannelBuilder.forAddress(behind.host(), behind.port())
                .usePlaintext()
                .build();
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .fallbackHandlerRegistry(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /**
     * Refuses all calls of a service from now on.
     *
     * @param service such as {@code KV}
     */
    void refuse(String service, Status.Code code, String why) {
        refusals.put("etcdserverpb." + service, Status.fromCode(code).withDescription(why));
    }

    /** Takes a while for each refusal from now on. */
    void takeForARefusal(Duration pause) {
        refusing = pause;
    }

    /** Refuses nothing any more. */
    void serve() {
        refusals.clear();
    }

    int refused() {
        return refused.get();
    }

    int served() {
        return served.get();
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(BYTES, BYTES)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name)
                .build();
        return ServerMethodDefinition.create(
                method, ServerCalls.asyncUnaryCall((request, reply) -> answer(method, request, reply)));
    }

    private void answer(MethodDescriptor<byte[], byte[]> method, byte[] request, StreamObserver<byte[]> reply) {
        Optional<Status> refusal = Optional.ofNullable(method.getServiceName()).map(refusals::get);
        if (refusal.isPresent()) {
            refused.incrementAndGet();
            LockSupport.parkNanos(refusing.toNanos());
            reply.onError(refusal.get().asRuntimeException());
        } else {
            served.incrementAndGet();
            ClientCalls.asyncUnaryCall(etcd.newCall(method, CallOptions.DEFAULT), request, reply);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        etcd.shutdownNow();
    }
}
