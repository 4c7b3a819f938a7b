package io.snowline.server.http;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends answers. Their fixed headers are encoded once. */
final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private static final HttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");

    private Answers() {}

    /** Returns an empty heap buffer for at least the given number of bytes; the code that sends it must release it. */
    static RetainableByteBuffer buffer(Request request, int size) {
        return request.getComponents().getByteBufferPool().acquire(size, false);
    }

    /** Sends the content of a buffer's array, up to a length, and releases the buffer when that has been sent. */
    static void send(
            Response response,
            Representation representation,
            RetainableByteBuffer buffer,
            int length,
            Callback callback) {
        HttpFields.Mutable headers = response.getHeaders();
        response.setStatus(HttpStatus.OK_200);
        headers.add(representation.contentType());
        headers.add(NO_STORE);
        ByteBuffer body = buffer.getByteBuffer();
        body.clear().limit(length);
        response.write(true, body, new Release(buffer, callback));
    }

    /** Releases a buffer when its content has been sent, or cannot be. */
    private record Release(RetainableByteBuffer buffer, Callback next) implements Callback {
        @Override
        public void succeeded() {
            buffer.release();
            next.succeeded();
        }

        @Override
        public void failed(Throwable why) {
            buffer.release();
            next.failed(why);
        }

        @Override
        public InvocationType getInvocationType() {
            return next.getInvocationType();
        }
    }

    static void send(Response response, HttpField contentType, byte[] body, Callback callback) {
        send(response, HttpStatus.OK_200, Map.of(), contentType, body, callback);
    }

    private static void send(
            Response response,
            int status,
            Map<String, String> headers,
            HttpField contentType,
            byte[] body,
            Callback callback) {
        response.setStatus(status);
        headers.forEach(response.getHeaders()::add);
        response.getHeaders().add(contentType);
        response.getHeaders().add(NO_STORE);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    static void refuse(Response response, RefusedRequestException why, Callback callback) {
        byte[] body = ErrorBody.of(why.status(), String.valueOf(why.getMessage()));
        send(response, why.status(), why.headers(), Representation.JSON.contentType(), body, callback);
    }

    /** Answers with a 500: an unexpected failure is logged, and reported to the client without details. */
    static void fail(Response response, Throwable why, Callback callback) {
        LOG.error("A request failed unexpectedly", why);
        byte[] body = ErrorBody.of(500, "the request failed unexpectedly; the server's log says how");
        send(
                response,
                HttpStatus.INTERNAL_SERVER_ERROR_500,
                Map.of(),
                Representation.JSON.contentType(),
                body,
                callback);
    }

    /** Tells which methods a call has. */
    static void options(Response response, Route call, Callback callback) {
        response.setStatus(HttpStatus.NO_CONTENT_204);
        response.getHeaders().add(HttpHeader.ALLOW, call.methods());
        response.getHeaders().add(NO_STORE);
        response.write(true, null, callback);
    }
}
