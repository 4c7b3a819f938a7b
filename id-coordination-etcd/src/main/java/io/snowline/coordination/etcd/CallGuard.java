package io.snowline.coordination.etcd;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives every call a deadline, since jetcd sets none; a call that exceeds it is cancelled, wherever it is. Also marks
 * the failures of calls that never reached a connection, and so were certainly not executed by any server, and asks only
 * members that have a leader.
 */
record CallGuard(Duration timeout) implements ClientInterceptor {

    private static final Metadata.Key<String> UNSENT =
            Metadata.Key.of("snowline-unsent", Metadata.ASCII_STRING_MARSHALLER);

    /** Makes a member without a leader refuse at once, before it has done anything, instead of waiting for one. */
    private static final Metadata.Key<String> REQUIRE_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    /** Every member tells about itself. */
    private static final String ABOUT_ITSELF = "etcdserverpb.Maintenance";

    /** Tells whether this is the failure of a call that found no connection. */
    static boolean isUnsent(StatusRuntimeException e) {
        Metadata trailers = e.getTrailers();
        return e.getStatus().getCode() == Status.Code.UNAVAILABLE && trailers != null && trailers.containsKey(UNSENT);
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        AtomicBoolean sent = new AtomicBoolean();
        CallOptions guarded = options.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .withStreamTracerFactory(new ClientStreamTracer.Factory() {
                    @Override
                    public ClientStreamTracer newClientStreamTracer(
                            ClientStreamTracer.StreamInfo info, Metadata headers) {
                        return new SentTracer(sent);
                    }
                });
        return new SimpleForwardingClientCall<>(next.newCall(method, guarded)) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                if (!ABOUT_ITSELF.equals(method.getServiceName())) {
                    headers.put(REQUIRE_LEADER, "true");
                }
                super.start(new UnsentMarker<>(listener, sent), headers);
            }
        };
    }

    /** Learns when a call is handed to a connection. */
    private static final class SentTracer extends ClientStreamTracer {

        private final AtomicBoolean sent;

        SentTracer(AtomicBoolean sent) {
            this.sent = sent;
        }

        @Override
        public void streamCreated(Attributes transport, Metadata headers) {
            sent.set(true);
        }
    }

    private static final class UnsentMarker<R> extends SimpleForwardingClientCallListener<R> {

        private final AtomicBoolean sent;

        UnsentMarker(ClientCall.Listener<R> listener, AtomicBoolean sent) {
            super(listener);
            this.sent = sent;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (!status.isOk() && !sent.get()) {
                trailers.put(UNSENT, "");
            }
            super.onClose(status, trailers);
        }
    }
}
