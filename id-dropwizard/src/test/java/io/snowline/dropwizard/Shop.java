package io.snowline.dropwizard;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.DropwizardTestSupport;
import io.snowline.id.IdGenerator;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;

/** An application that issues IDs of orders. */
public final class Shop extends Application<Shop.Settings> {

    final SnowlineBundle<Settings> ids = SnowlineBundle.of(Settings::getSnowline);

    /** Its configuration. */
    public static final class Settings extends Configuration {

        @Valid
        @NotNull
        @JsonProperty
        private SnowlineFactory snowline = new SnowlineFactory();

        SnowlineFactory getSnowline() {
            return snowline;
        }
    }

    /** Makes orders. */
    @Path("/orders")
    public static final class Orders {

        private final IdGenerator ids;

        Orders(IdGenerator ids) {
            this.ids = ids;
        }

        /** Makes one. */
        @GET
        public String order() {
            return Long.toString(ids.nextId());
        }
    }

    @Override
    public String getName() {
        return "shop";
    }

    @Override
    public void initialize(Bootstrap<Settings> bootstrap) {
        bootstrap.addBundle(ids);
    }

    @Override
    public void run(Settings configuration, Environment environment) {
        environment.jersey().register(new Orders(ids.generator("orders")));
    }

    /** Starts it in this JVM, on any ports. */
    static DropwizardTestSupport<Settings> start(java.nio.file.Path directory, String snowline) throws Exception {
        String server =
                """
                server:
                  applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
                  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
                logging: {appenders: [{type: file, archive: false, currentLogFilename: '%s'}]}
                """
                        .formatted(log(directory));
        java.nio.file.Path file = Files.writeString(directory.resolve("shop.yml"), server + snowline);
        DropwizardTestSupport<Settings> support = new DropwizardTestSupport<>(Shop.class, file.toString());
        support.before();
        return support;
    }

    static java.nio.file.Path log(java.nio.file.Path directory) {
        return directory.resolve("shop.log");
    }

    static HttpResponse<String> ask(int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        try {
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
