package io.snowline.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The description of the calls in OpenAPI: {@code GET /openapi.yaml}.
 *
 * <p>Thread-safe.
 */
final class ApiDescription {

    private static final String NAME = "openapi.yaml";
    private static final String METHODS = "GET, HEAD, OPTIONS";

    private final String path;
    private final byte[] text;

    /**
     * @param context the path under which everything lies, such as {@code /}
     */
    ApiDescription(String context) {
        path = (context.equals("/") ? "" : context) + "/" + NAME;
        try (InputStream resource = ApiDescription.class.getResourceAsStream(NAME)) {
            text = Objects.requireNonNull(resource, NAME).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers a request for it, without blocking; returns false if the request is for something else. */
    boolean answer(Request request, Response response, Callback callback) {
        if (!path.equals(request.getHttpURI().getCanonicalPath())) {
            return false;
        }
        if (HttpMethod.OPTIONS.is(request.getMethod())) {
            response.setStatus(HttpStatus.NO_CONTENT_204);
            response.getHeaders().add(HttpHeader.ALLOW, METHODS);
            response.write(true, null, callback);
        } else if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
            response.setStatus(HttpStatus.OK_200);
            response.getHeaders().add(HttpHeader.CONTENT_TYPE, "application/yaml");
            response.getHeaders().add(HttpHeader.CACHE_CONTROL, "public, max-age=300");
            response.write(true, ByteBuffer.wrap(text).asReadOnlyBuffer(), callback);
        } else {
            Answers.refuse(response, otherMethod(request), callback);
        }
        return true;
    }

    private static RefusedRequestException otherMethod(Request request) {
        return new RefusedRequestException(
                HttpStatus.METHOD_NOT_ALLOWED_405,
                "the method must be one of %s here, got %s".formatted(METHODS, request.getMethod()),
                Map.of("Allow", METHODS));
    }
}
