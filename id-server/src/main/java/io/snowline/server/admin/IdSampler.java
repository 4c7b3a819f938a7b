package io.snowline.server.admin;

import io.snowline.id.IdUnavailableException;
import io.snowline.server.issuing.IdOrder;
import io.snowline.server.issuing.Issuer;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Issues one ID at a time of namespaces without tokens, for people who want to see one.
 *
 * <p>Thread-safe.
 */
public final class IdSampler {

    private final List<Issuer> issuers;

    /** Makes a sampler of these issuers. */
    public IdSampler(List<Issuer> issuers) {
        this.issuers = List.copyOf(issuers);
    }

    /**
     * An ID, or why there is none.
     *
     * @param id the ID; empty if none was issued
     * @param status the HTTP status
     * @param message why there is none
     */
    public record Sample(OptionalLong id, int status, String message) {

        private static Sample none(int status, String message) {
            return new Sample(OptionalLong.empty(), status, message);
        }
    }

    /** Issues an ID, and waits for it for as long as any other request would. */
    public Sample take(String namespace) {
        return issuers.stream()
                .filter(issuer -> issuer.settings().namespace().equals(namespace))
                .findFirst()
                .map(IdSampler::take)
                .orElseGet(() -> Sample.none(404, "namespace must be one of this server's, got another"));
    }

    private static Sample take(Issuer issuer) {
        if (issuer.settings().tokens().guarded()) {
            return Sample.none(403, "namespace must have no tokens here; ask the application, with one of them");
        }
        Order order = new Order();
        issuer.issue(order, task -> new Thread(task, "snowline-console").start());
        return order.answer.join();
    }

    /** Waits for one ID. */
    private static final class Order extends IdOrder {

        final CompletableFuture<Sample> answer = new CompletableFuture<>();

        Order() {
            super(1, OptionalInt.empty());
        }

        @Override
        protected void issued(long[] ids) {
            answer.complete(new Sample(OptionalLong.of(ids[0]), 200, ""));
        }

        @Override
        protected void refused(IdUnavailableException why) {
            answer.complete(Sample.none(503, String.valueOf(why.getMessage())));
        }

        @Override
        protected void failed(Throwable why) {
            answer.completeExceptionally(why);
        }
    }
}
