package io.snowline.load;

import io.dropwizard.configuration.ResourceConfigurationSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * The baseline that ours is compared with: the smallest service that Dropwizard allows. Its IDs come from a counter, so
 * that its whole cost is transport. The port is set from outside, by Dropwizard's system properties.
 */
public final class BareDropwizard extends Application<Configuration> {

    public static void main(String... arguments) throws Exception {
        new BareDropwizard().run("server", "bare-dropwizard.yml");
    }

    @Override
    public void initialize(Bootstrap<Configuration> bootstrap) {
        bootstrap.setConfigurationSourceProvider(new ResourceConfigurationSourceProvider());
    }

    @Override
    public void run(Configuration configuration, Environment environment) {
        environment.jersey().register(new Resource());
    }

    /** One ID, as Jackson writes it. */
    public record Id(String id) {}

    /** The calls that are compared. */
    @Path("/")
    @Produces(MediaType.APPLICATION_JSON)
    public static final class Resource {

        private final AtomicLong counter = new AtomicLong(1_000_000_000_000_000_000L);

        /** Returns one ID. */
        @GET
        @Path("id")
        public Id id() {
            return new Id(Long.toString(counter.incrementAndGet()));
        }

        /** Returns several. */
        @GET
        @Path("ids")
        public List<String> ids(@QueryParam("count") @DefaultValue("1") int count) {
            long first = counter.getAndAdd(count);
            return LongStream.range(first, first + count)
                    .mapToObj(Long::toString)
                    .toList();
        }
    }
}
