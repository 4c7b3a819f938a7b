package com.example.shop;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.snowline.hibernate.SnowlineId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An order. Its ID is a string in JSON, because JavaScript rounds numbers above 2^53. */
@Entity
@Table(name = "orders")
@JsonPropertyOrder({"id", "item"})
public class Order {

    @Id
    @SnowlineId("orders")
    @JsonFormat(shape = JsonFormat.Shape.STRING)
    private Long id;

    private String item;

    protected Order() {}

    Order(String item) {
        this.item = item;
    }

    public Long getId() {
        return id;
    }

    public String getItem() {
        return item;
    }
}
