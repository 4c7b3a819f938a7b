package io.snowline.coordination.zookeeper;

import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.jspecify.annotations.Nullable;

/**
 * Which servers to trust, and the certificate to present to them. Stores are files in PKCS12 or JKS; ZooKeeper's client
 * reads them again for every connection, so that certificates can be replaced while the process runs.
 *
 * <p>A certificate must always match the host connected to: Netty 4.2 checks that, whatever ZooKeeper's client is told.
 *
 * @param trustStore certificates to trust; null for those that the JVM trusts
 * @param keyStore this client's certificate and key; null for none
 */
record TlsSettings(
        @Nullable String trustStore,
        @Nullable String trustStorePassword,
        @Nullable String keyStore,
        @Nullable String keyStorePassword) {

    boolean isDefault() {
        return trustStore == null && trustStorePassword == null && keyStore == null && keyStorePassword == null;
    }

    /**
     * Turns TLS on.
     *
     * @throws IllegalArgumentException if a store cannot be read
     */
    void configure(ZKClientConfig config) {
        config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
        config.setProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
        try (ClientX509Util names = new ClientX509Util()) {
            if (trustStore != null) {
                KeyStore store = load("trustStore", trustStore, trustStorePassword);
                config.setProperty(names.getSslTruststoreLocationProperty(), trustStore);
                config.setProperty(names.getSslTruststoreTypeProperty(), type(store));
                config.setProperty(names.getSslTruststorePasswdProperty(), orEmpty(trustStorePassword));
            }
            if (keyStore != null) {
                KeyStore store = load("keyStore", keyStore, keyStorePassword);
                config.setProperty(names.getSslKeystoreLocationProperty(), keyStore);
                config.setProperty(names.getSslKeystoreTypeProperty(), type(store));
                config.setProperty(names.getSslKeystorePasswdProperty(), orEmpty(keyStorePassword));
            }
        }
    }

    /**
     * Returns the same settings for connections that ZooKeeper's client does not make.
     *
     * @throws IllegalArgumentException if a store cannot be read
     */
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("trustStore and keyStore must be usable for TLS: " + e.getMessage(), e);
        }
    }

    private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException {
        if (keyStore == null) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(load("keyStore", keyStore, keyStorePassword), chars(keyStorePassword));
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException {
        if (trustStore == null) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(load("trustStore", trustStore, trustStorePassword));
        return factory.getTrustManagers();
    }

    private static KeyStore load(String property, String path, @Nullable String password) {
        try {
            return KeyStore.getInstance(new File(path), chars(password));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s must be a file with certificates that %sPassword opens, got '%s': %s"
                            .formatted(property, property, path, e.getMessage()),
                    e);
        }
    }

    private static String type(KeyStore store) {
        return store.getType().toUpperCase(Locale.ROOT);
    }

    private static String orEmpty(@Nullable String password) {
        return password == null ? "" : password;
    }

    private static char @Nullable [] chars(@Nullable String password) {
        return password == null ? null : password.toCharArray();
    }

    @Override
    public String toString() {
        return "TlsSettings[trustStore=%s, keyStore=%s]".formatted(trustStore, keyStore);
    }
}
