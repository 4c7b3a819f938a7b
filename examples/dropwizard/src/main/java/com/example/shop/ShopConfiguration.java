package com.example.shop;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.snowline.dropwizard.SnowlineFactory;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** The shop's YAML. */
public final class ShopConfiguration extends Configuration {

    @Valid
    @NotNull
    @JsonProperty
    private SnowlineFactory snowline = new SnowlineFactory();

    SnowlineFactory getSnowline() {
        return snowline;
    }
}
