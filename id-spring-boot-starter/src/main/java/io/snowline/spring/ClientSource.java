package io.snowline.spring;

import io.snowline.client.ClientStatus;
import io.snowline.client.SnowlineClient;
import io.snowline.id.Readiness;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/** Generators that take ranges from servers. Thread-safe. */
final class ClientSource implements GeneratorSource {

    private final SnowlineProperties.Client settings;
    private final @Nullable SslBundles bundles;

    /**
     * Makes a source.
     *
     * @param bundles the application's SSL bundles; null if it has none
     */
    ClientSource(SnowlineProperties.Client settings, @Nullable SslBundles bundles) {
        this.settings = settings;
        this.bundles = bundles;
    }

    @Override
    public Issuing start(String namespace, LeaseEvents events) {
        try {
            SnowlineClient client = builder(namespace).start();
            return new Issuing(client, () -> readiness(client.status()), List::of, List::of, OptionalLong::empty);
        } catch (IllegalArgumentException e) {
            throw new SnowlineConfigurationException("snowline.client: " + e.getMessage(), e);
        }
    }

    private SnowlineClient.Builder builder(String namespace) {
        SnowlineClient.Builder builder = SnowlineClient.builder(namespace)
                .servers(settings.servers().toArray(String[]::new))
                .maxWait(settings.maxWait())
                .requestTimeout(settings.requestTimeout())
                .maxAge(settings.maxAge())
                .maxRange(settings.maxRange());
        String token = settings.token();
        if (token != null) {
            builder.token(() -> token);
        }
        if (settings.sslBundle() != null) {
            if (bundles == null) {
                throw new IllegalArgumentException(
                        "sslBundle must be one of the application's, got '%s', and there are none"
                                .formatted(settings.sslBundle()));
            }
            builder.sslContext(bundles.getBundle(settings.sslBundle()).createSslContext());
        }
        return builder;
    }

    private static Readiness readiness(ClientStatus status) {
        String server = "server " + status.server();
        return status.ready()
                ? new Readiness(true, "%s, %s IDs at hand".formatted(server, status.idsAtHand()))
                : new Readiness(false, status.problem().orElse(server + " gives no range"));
    }

    @Override
    public String toString() {
        return "servers " + settings.servers();
    }
}
