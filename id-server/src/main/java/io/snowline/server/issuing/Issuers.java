package io.snowline.server.issuing;

import com.codahale.metrics.MetricRegistry;
import io.snowline.config.Snowline;
import io.snowline.id.IdGenerator;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.server.config.GeneratorSettings;
import java.util.List;

/** Makes the issuers of all namespaces. */
public final class Issuers {

    private Issuers() {}

    /**
     * Makes an issuer for each entry of the configuration.
     *
     * @param snowline has the generators
     * @param registry where calls are counted
     * @param latencies how long requests took
     */
    public static List<Issuer> of(
            List<GeneratorSettings> generators, Snowline snowline, MetricRegistry registry, Latencies latencies) {
        return generators.stream()
                .map(generator -> of(
                        generator,
                        snowline.generator(generator.namespace()),
                        new CallMetrics(generator.namespace(), registry, latencies)))
                .toList();
    }

    private static Issuer of(GeneratorSettings settings, IdGenerator ids, CallMetrics metrics) {
        return ids instanceof SnowflakeGenerator leased
                ? new LeasedIssuer(settings, leased, metrics)
                : new RecordedIssuer(settings, (RecordedIdGenerator) ids, metrics);
    }
}
