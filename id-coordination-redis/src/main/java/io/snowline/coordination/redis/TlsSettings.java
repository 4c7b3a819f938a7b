package io.snowline.coordination.redis;

import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/**
 * Which servers to trust, and the certificate to present to them. Stores are files in any format that this JVM reads
 * (PKCS12, JKS); they are read again for every connection, so that certificates can be replaced while the process runs.
 *
 * @param trustStore certificates to trust; null for those that the JVM trusts
 * @param keyStore this client's certificate and key; null for none
 * @param verifyHostname whether a certificate must match the host connected to
 */
record TlsSettings(
        @Nullable String trustStore,
        @Nullable String trustStorePassword,
        @Nullable String keyStore,
        @Nullable String keyStorePassword,
        boolean verifyHostname) {

    boolean isDefault() {
        return trustStore == null
                && trustStorePassword == null
                && keyStore == null
                && keyStorePassword == null
                && verifyHostname;
    }

    /**
     * @throws IllegalArgumentException if a store cannot be read
     */
    SslOptions options() {
        SslOptions.Builder options = SslOptions.builder();
        if (trustStore != null) {
            options.truststore(readable("trustStore", trustStore, trustStorePassword), chars(trustStorePassword));
        }
        if (keyStore != null) {
            options.keystore(readable("keyStore", keyStore, keyStorePassword), chars(keyStorePassword));
        }
        return options.sslVerifyMode(verifyHostname ? SslVerifyMode.FULL : SslVerifyMode.CA)
                .build();
    }

    private static File readable(String property, String path, @Nullable String password) {
        File file = new File(path);
        try {
            KeyStore.getInstance(file, chars(password));
            return file;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s must be a file with certificates that %sPassword opens, got '%s': %s"
                            .formatted(property, property, path, e.getMessage()),
                    e);
        }
    }

    private static char @Nullable [] chars(@Nullable String password) {
        return password == null ? null : password.toCharArray();
    }

    @Override
    public String toString() {
        return "TlsSettings[trustStore=%s, keyStore=%s, verifyHostname=%s]"
                .formatted(trustStore, keyStore, verifyHostname);
    }
}
