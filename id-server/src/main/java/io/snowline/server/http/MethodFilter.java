package io.snowline.server.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Answers OPTIONS, and refuses the methods that a path does not answer to, before JAX-RS turns a HEAD into a GET. */
@PreMatching
public final class MethodFilter implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath(false);
        String method = request.getMethod();
        if (method.equals("OPTIONS")) {
            request.abortWith(Response.noContent()
                    .header(HttpHeaders.ALLOW, AllowedMethods.header(path))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .build());
        } else if (!AllowedMethods.of(path).contains(method)) {
            throw new RefusedRequestException(
                    405,
                    "the method must be one of %s here, got %s".formatted(AllowedMethods.header(path), method),
                    Map.of(HttpHeaders.ALLOW, AllowedMethods.header(path)));
        }
    }
}
