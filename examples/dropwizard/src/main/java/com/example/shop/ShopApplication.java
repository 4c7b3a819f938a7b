package com.example.shop;

import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.snowline.dropwizard.SnowlineBundle;

/** A shop whose orders have IDs of their own. */
public final class ShopApplication extends Application<ShopConfiguration> {

    private final SnowlineBundle<ShopConfiguration> ids = SnowlineBundle.of(ShopConfiguration::getSnowline);

    /** Starts the shop. */
    public static void main(String... arguments) throws Exception {
        new ShopApplication().run(arguments);
    }

    @Override
    public String getName() {
        return "shop";
    }

    @Override
    public void initialize(Bootstrap<ShopConfiguration> bootstrap) {
        bootstrap.addBundle(ids);
    }

    @Override
    public void run(ShopConfiguration configuration, Environment environment) {
        environment.jersey().register(new OrderResource(ids.generator("orders")));
    }
}
