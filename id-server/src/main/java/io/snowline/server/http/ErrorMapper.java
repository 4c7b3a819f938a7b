package io.snowline.server.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns whatever went wrong into {@code {"code":…,"message":"…"}}. What nobody expected is logged and told to the client
 * without details.
 *
 * <p>Safe for use by many threads.
 */
public final class ErrorMapper implements ExceptionMapper<Throwable> {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof RefusedRequestException refused) {
            Response.ResponseBuilder response = Response.status(refused.status());
            refused.headers().forEach(response::header);
            return json(response, refused.status(), String.valueOf(refused.getMessage()));
        }
        if (failure instanceof WebApplicationException web && web.getResponse().getStatus() < 500) {
            int status = web.getResponse().getStatus();
            return json(Response.fromResponse(web.getResponse()), status, String.valueOf(web.getMessage()));
        }
        LOG.error("A request failed unexpectedly", failure);
        return json(Response.status(500), 500, "the request failed unexpectedly; the server's log says how");
    }

    private static Response json(Response.ResponseBuilder response, int status, String message) {
        return response.type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(ErrorBody.of(status, message))
                .build();
    }
}
