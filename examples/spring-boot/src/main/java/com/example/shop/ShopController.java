package com.example.shop;

import io.snowline.id.IdGenerator;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The shop over HTTP. */
@RestController
class ShopController {

    private final Orders orders;
    private final IdGenerator invoices;

    ShopController(Orders orders, @Qualifier("invoices") IdGenerator invoices) {
        this.orders = orders;
        this.invoices = invoices;
    }

    @PostMapping("/orders")
    Order order(@RequestParam String item) {
        return orders.save(new Order(item));
    }

    @GetMapping("/orders/{id}")
    ResponseEntity<Order> order(@PathVariable long id) {
        Optional<Order> found = orders.findById(id);
        return ResponseEntity.of(found);
    }

    @PostMapping("/invoices")
    String invoice() {
        return Long.toString(invoices.nextId());
    }
}
