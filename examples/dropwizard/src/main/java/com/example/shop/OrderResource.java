package com.example.shop;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.snowline.id.IdGenerator;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** Takes orders. */
@Path("/orders")
@Produces(MediaType.APPLICATION_JSON)
public final class OrderResource {

    private final IdGenerator ids;

    OrderResource(IdGenerator ids) {
        this.ids = ids;
    }

    /** An order. JavaScript would round the ID, so it is written as a string. */
    public record Order(@JsonFormat(shape = JsonFormat.Shape.STRING) long id, String item) {}

    /** Takes an order. */
    @POST
    public Order order(@QueryParam("item") @DefaultValue("tea") String item) {
        return new Order(ids.nextId(), item);
    }
}
