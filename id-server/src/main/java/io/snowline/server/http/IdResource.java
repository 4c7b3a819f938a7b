package io.snowline.server.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Collections;

/**
 * The calls under {@code /v1}. A request's body is not read.
 *
 * <p>Safe for use by many threads.
 */
@Path("/v1/{namespace}")
public final class IdResource {

    private final IdService service;

    /** Makes the resource. */
    public IdResource(IdService service) {
        this.service = service;
    }

    /** Issues one ID. */
    @GET
    @Path("id")
    public Response id(@PathParam("namespace") String namespace, @Context HttpServletRequest request) {
        return response(service.one(call(namespace, request)));
    }

    /** Issues one ID. */
    @POST
    @Path("id")
    public Response postId(@PathParam("namespace") String namespace, @Context HttpServletRequest request) {
        return id(namespace, request);
    }

    /** Issues {@code count} IDs. */
    @GET
    @Path("ids")
    public Response ids(@PathParam("namespace") String namespace, @Context HttpServletRequest request) {
        return response(service.batch(call(namespace, request)));
    }

    /** Issues {@code count} IDs. */
    @POST
    @Path("ids")
    public Response postIds(@PathParam("namespace") String namespace, @Context HttpServletRequest request) {
        return ids(namespace, request);
    }

    /** Tells what an ID says, and in recorded mode whether and when it was recorded. */
    @GET
    @Path("ids/{id}")
    public Response decoded(
            @PathParam("namespace") String namespace, @PathParam("id") String id, @Context HttpServletRequest request) {
        return response(service.decode(call(namespace, request), id));
    }

    private static Call call(String namespace, HttpServletRequest request) {
        return new Call(
                namespace,
                request.getQueryString(),
                Collections.list(request.getHeaders(HttpHeaders.ACCEPT)),
                request.getHeader(HttpHeaders.AUTHORIZATION));
    }

    private static Response response(Answer answer) {
        return Response.ok(answer.body())
                .header(HttpHeaders.CONTENT_TYPE, answer.representation().mediaType())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
