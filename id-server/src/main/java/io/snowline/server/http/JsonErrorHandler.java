package io.snowline.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Writes the errors that Jetty answers by itself, before any resource is asked: a broken URI, headers that are too
 * large, a server that is stopping.
 *
 * <p>Thread-safe.
 */
public final class JsonErrorHandler extends ErrorHandler {

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateCacheControl(Response response) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    }

    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, @Nullable Throwable cause, Callback callback)
            throws IOException {
        int status = isAboutTheRequest(code) ? HttpStatus.BAD_REQUEST_400 : code;
        response.setStatus(status);
        if (status == HttpStatus.METHOD_NOT_ALLOWED_405) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD, OPTIONS");
        } else if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        }
        response.getHeaders().put(MimeTypes.Type.APPLICATION_JSON.getContentTypeField());
        response.write(true, ByteBuffer.wrap(ErrorBody.of(status, told(code, message))), callback);
    }

    /**
     * Tells whether a status of the 500s is about what the client sent: a client's request is never the server's error.
     */
    private static boolean isAboutTheRequest(int code) {
        return code == HttpStatus.NOT_IMPLEMENTED_501 || code == HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505;
    }

    /** Returns the message for the client: of a server error, only the name of its status. */
    private static String told(int code, @Nullable String message) {
        return message == null || HttpStatus.isServerError(code) ? HttpStatus.getMessage(code) : message;
    }
}
