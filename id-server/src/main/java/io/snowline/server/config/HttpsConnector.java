package io.snowline.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.jetty.HttpsConnectorFactory;
import io.snowline.coordination.support.TlsSettings;
import io.snowline.server.threads.ConnectorThreads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Dropwizard's connector of type {@code https}, with {@link ConnectorThreads}, and certificates in PEM files: with the
 * block {@code tls}, no key store is needed. Its keys {@code certificate}, {@code key} and {@code keyPassword} are the
 * server's own, {@code ca} has the authorities of clients' certificates. Not thread-safe.
 */
@JsonTypeName("https")
public final class HttpsConnector extends HttpsConnectorFactory {

    @JsonProperty
    private @Nullable TlsSettings tls;

    /** Returns the files with certificates and keys. */
    List<Path> files() {
        Stream<String> stores =
                Stream.of(getKeyStorePath(), getTrustStorePath()).filter(Objects::nonNull);
        return Stream.concat(stores, tls == null ? Stream.empty() : tls.files().stream())
                .map(Path::of)
                .toList();
    }

    /**
     * Makes sure that the files of {@code tls} can be used.
     *
     * @throws IllegalArgumentException if they cannot; the message names key and file
     */
    void check() {
        if (tls != null) {
            tls.trust();
            if (tls.identity() == null) {
                throw new IllegalArgumentException("tls.certificate and tls.key must be set");
            }
        }
    }

    @Override
    public boolean isValidKeyStorePath() {
        return tls != null || super.isValidKeyStorePath();
    }

    @Override
    public boolean isValidKeyStorePassword() {
        return tls != null || super.isValidKeyStorePassword();
    }

    @Override
    protected SslContextFactory.Server configureSslContextFactory(SslContextFactory factory) {
        SslContextFactory.Server server = super.configureSslContextFactory(factory);
        if (tls != null) {
            String password = TlsSettings.randomPassword();
            byte[] trust = tls.trustInPkcs12(password);
            server.setKeyStore(store(Objects.requireNonNull(tls.identityInPkcs12(password)), password));
            server.setKeyStorePassword(password);
            if (trust != null) {
                server.setTrustStore(store(trust, password));
            }
        }
        return server;
    }

    private static KeyStore store(byte[] content, String password) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password.toCharArray());
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store that was just made must be readable", e);
        }
    }

    @Override
    protected ServerConnector buildConnector(
            Server server,
            Scheduler scheduler,
            ByteBufferPool bufferPool,
            String name,
            @Nullable ThreadPool threadPool,
            ConnectionFactory... factories) {
        return super.buildConnector(
                server, scheduler, bufferPool, name, ConnectorThreads.of(server, threadPool), factories);
    }
}
