package io.snowline.coordination.etcd;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.snowline.coordination.support.Secrets;
import java.io.File;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Which servers to trust, and the certificate to present to them: the {@code tls} block of
 * {@link EtcdCoordinatorFactory}. The files are those that etcd itself is configured with. They are read again whenever
 * a connection is reopened after a failure, so that certificates can be replaced while the process runs. Not
 * thread-safe.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>ca</td><td>the JVM's</td><td>PEM file with the certificates to trust</td></tr>
 * <tr><td>certificate</td><td>none</td><td>PEM file with this client's certificate and its chain</td></tr>
 * <tr><td>key</td><td>none</td><td>PEM file with this client's key, in PKCS#8: {@code BEGIN PRIVATE KEY}</td></tr>
 * <tr><td>keyPassword</td><td>none</td><td>the password of the key</td></tr>
 * <tr><td>authority</td><td>the endpoint's host</td><td>the name that the servers' certificates must have</td></tr>
 * </table>
 */
public final class TlsSettings {

    private @Nullable String ca;
    private @Nullable String certificate;
    private @Nullable String key;
    private @Nullable String keyPassword;
    private @Nullable String authority;

    /**
     * Sets the file with the certificates to trust.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setCa(@Nullable String ca) {
        this.ca = Secrets.requireNotEmpty("tls.ca", ca);
    }

    /**
     * Sets the file with this client's certificate and its chain.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setCertificate(@Nullable String certificate) {
        this.certificate = Secrets.requireNotEmpty("tls.certificate", certificate);
    }

    /**
     * Sets the file with this client's key.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setKey(@Nullable String key) {
        this.key = Secrets.requireNotEmpty("tls.key", key);
    }

    /**
     * Sets the password of the key.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setKeyPassword(@Nullable String keyPassword) {
        this.keyPassword = Secrets.requireNotEmpty("tls.keyPassword", keyPassword);
    }

    /**
     * Sets the name that the servers' certificates must have.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setAuthority(@Nullable String authority) {
        this.authority = Secrets.requireNotEmpty("tls.authority", authority);
    }

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException if one cannot be used; the message names setting and file
     */
    SslContext context() {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    "tls.certificate and tls.key must be set together, got certificate %s, key %s"
                            .formatted(certificate, key));
        }
        if (keyPassword != null && key == null) {
            throw new IllegalArgumentException("tls.key must be set, because tls.keyPassword is");
        }
        SslContextBuilder builder = GrpcSslContexts.forClient();
        if (ca != null) {
            String path = ca;
            use("ca", "a PEM file of certificates", path, file -> builder.trustManager(file));
        }
        if (certificate != null && key != null) {
            File chain = new File(certificate);
            String rule =
                    "a PEM file of an unencrypted PKCS#8 key, or one that tls.keyPassword opens, next to a PEM file"
                            + " tls.certificate, '" + chain + "'";
            use("key", rule, key, file -> builder.keyManager(chain, file, keyPassword));
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("tls must fit together, got %s: %s".formatted(this, e.getMessage()), e);
        }
    }

    private static void use(String setting, String rule, String path, Consumer<File> user) {
        try {
            user.accept(new File(path));
        } catch (IllegalArgumentException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException(
                    "tls.%s must be %s, got '%s': %s".formatted(setting, rule, path, cause.getMessage()), e);
        }
    }

    @Override
    public String toString() {
        return "{ca=%s, certificate=%s, key=%s, authority=%s}".formatted(ca, certificate, key, authority);
    }

    @Nullable
    String authority() {
        return authority;
    }
}
