package io.snowline.coordination.support;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Which servers to trust, and the certificate to present to them: the {@code tls} block, the same for every backend.
 * Certificates and keys are PEM files, as cert-manager or OpenSSL writes them, or key stores in any format that this
 * JVM reads (PKCS12, JKS). Not thread-safe.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>ca</td><td>the JVM's</td><td>PEM file with the certificates to trust</td></tr>
 * <tr><td>certificate</td><td>none</td><td>PEM file with this client's certificate and its chain</td></tr>
 * <tr><td>key</td><td>none</td><td>PEM file with this client's key, in PKCS#8: {@code BEGIN PRIVATE KEY}</td></tr>
 * <tr><td>keyPassword</td><td>none</td><td>the password of the key</td></tr>
 * <tr><td>trustStore, trustStorePassword</td><td>the JVM's</td><td>key store with the certificates to trust</td></tr>
 * <tr><td>keyStore, keyStorePassword</td><td>none</td><td>key store with this client's certificate and key</td></tr>
 * <tr><td>verifyHostname</td><td>true</td><td>whether a certificate must match the host connected to</td></tr>
 * <tr><td>authority</td><td>the host</td><td>the name that the servers' certificates must have</td></tr>
 * </table>
 *
 * <p>A backend whose client cannot be told one of the last two refuses it.
 */
public final class TlsSettings {

    private static final char[] NO_PASSWORD = {};
    private static final int PASSWORD_BITS = 256;

    private @Nullable String ca;
    private @Nullable String certificate;
    private @Nullable String key;
    private @Nullable String keyPassword;
    private @Nullable String trustStore;
    private @Nullable String trustStorePassword;
    private @Nullable String keyStore;
    private @Nullable String keyStorePassword;
    private boolean verifyHostname = true;
    private @Nullable String authority;

    /** Makes settings that trust what the JVM trusts, and present nothing. */
    public TlsSettings() {}

    /**
     * Refuses {@code tls: true} and {@code tls: false}, by which TLS was switched before this block came.
     *
     * @throws IllegalArgumentException always
     */
    @SuppressWarnings("DoNotCallSuggester") // a configuration calls it
    public static TlsSettings valueOf(boolean on) {
        throw new IllegalArgumentException(
                "tls must be a block, empty ({}) to trust what Java trusts, and left out for no TLS; got " + on);
    }

    /**
     * Sets the PEM file with the certificates to trust.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setCa(@Nullable String ca) {
        this.ca = Secrets.requireNotEmpty("tls.ca", ca);
    }

    /**
     * Sets the PEM file with this client's certificate and its chain.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setCertificate(@Nullable String certificate) {
        this.certificate = Secrets.requireNotEmpty("tls.certificate", certificate);
    }

    /**
     * Sets the PEM file with this client's key.
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
     * Sets the key store with the certificates to trust.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setTrustStore(@Nullable String trustStore) {
        this.trustStore = Secrets.requireNotEmpty("tls.trustStore", trustStore);
    }

    /**
     * Sets the password of the trust store.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setTrustStorePassword(@Nullable String trustStorePassword) {
        this.trustStorePassword = Secrets.requireNotEmpty("tls.trustStorePassword", trustStorePassword);
    }

    /**
     * Sets the key store with this client's certificate and key.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setKeyStore(@Nullable String keyStore) {
        this.keyStore = Secrets.requireNotEmpty("tls.keyStore", keyStore);
    }

    /**
     * Sets the password of the key store.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setKeyStorePassword(@Nullable String keyStorePassword) {
        this.keyStorePassword = Secrets.requireNotEmpty("tls.keyStorePassword", keyStorePassword);
    }

    /** Sets whether a certificate must match the host connected to. */
    public void setVerifyHostname(boolean verifyHostname) {
        this.verifyHostname = verifyHostname;
    }

    /**
     * Sets the name that the servers' certificates must have.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setAuthority(@Nullable String authority) {
        this.authority = Secrets.requireNotEmpty("tls.authority", authority);
    }

    /** Returns the paths of the files that are set, so that a program can notice when they change. */
    public List<String> files() {
        return Stream.of(ca, certificate, key, trustStore, keyStore)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Tells whether a certificate must match the host connected to. */
    public boolean verifyHostname() {
        return verifyHostname;
    }

    /** Returns the name that the servers' certificates must have; null for that of the host connected to. */
    public @Nullable String authority() {
        return authority;
    }

    /**
     * Reads the certificates to trust.
     *
     * @return null for those that the JVM trusts
     * @throws IllegalArgumentException if settings do not fit together, or a file cannot be used; the message names
     *     setting and file
     */
    public @Nullable TrustManagerFactory trust() {
        KeyStore trusted = trusted();
        if (trusted == null) {
            return null;
        }
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory;
        } catch (GeneralSecurityException e) {
            throw unfit(e);
        }
    }

    private @Nullable KeyStore trusted() {
        check();
        if (ca != null) {
            return new PemFile("ca", ca).trustStore();
        }
        return trustStore == null ? null : load("trustStore", trustStore, trustStorePassword);
    }

    /**
     * Reads this client's certificate and key.
     *
     * @return null for none
     * @throws IllegalArgumentException if settings do not fit together, or a file cannot be used; the message names
     *     setting and file
     */
    public @Nullable KeyManagerFactory identity() {
        check();
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            if (keyStore != null) {
                factory.init(load("keyStore", keyStore, keyStorePassword), chars(keyStorePassword));
            } else if (certificate != null && key != null) {
                factory.init(keyStoreOfPem(certificate, key), NO_PASSWORD);
            } else {
                return null;
            }
            return factory;
        } catch (GeneralSecurityException e) {
            throw unfit(e);
        }
    }

    /**
     * Reads the files anew, and makes a context of them.
     *
     * @throws IllegalArgumentException if settings do not fit together, or a file cannot be used; the message names
     *     setting and file
     */
    public SSLContext context() {
        KeyManagerFactory identity = identity();
        TrustManagerFactory trust = trust();
        KeyManager[] keys = identity == null ? null : identity.getKeyManagers();
        TrustManager[] trusted = trust == null ? null : trust.getTrustManagers();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trusted, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw unfit(e);
        }
    }

    /**
     * Reads the certificates to trust, as a key store in PKCS#12, for clients that take nothing else.
     *
     * @param password for the key store
     * @return null for those that the JVM trusts
     * @throws IllegalArgumentException if settings do not fit together, or a file cannot be used; the message names
     *     setting and file
     */
    public byte @Nullable [] trustInPkcs12(String password) {
        KeyStore trusted = trusted();
        return trusted == null ? null : inPkcs12(trusted, NO_PASSWORD, password.toCharArray());
    }

    /**
     * Reads this client's certificate and key, as a key store in PKCS#12, for clients that take nothing else.
     *
     * @param password for the key store, and the key in it
     * @return null for none
     * @throws IllegalArgumentException if settings do not fit together, or a file cannot be used; the message names
     *     setting and file
     */
    public byte @Nullable [] identityInPkcs12(String password) {
        check();
        if (certificate != null && key != null) {
            return inPkcs12(keyStoreOfPem(certificate, key), NO_PASSWORD, password.toCharArray());
        }
        return keyStore == null
                ? null
                : inPkcs12(
                        load("keyStore", keyStore, keyStorePassword), chars(keyStorePassword), password.toCharArray());
    }

    private byte[] inPkcs12(KeyStore store, char @Nullable [] keysPassword, char[] password) {
        try {
            KeyStore copy = PemFile.emptyStore();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    copy.setKeyEntry(
                            alias, store.getKey(alias, keysPassword), password, store.getCertificateChain(alias));
                } else {
                    copy.setCertificateEntry(alias, store.getCertificate(alias));
                }
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            copy.store(bytes, password);
            return bytes.toByteArray();
        } catch (GeneralSecurityException e) {
            throw unfit(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is written but memory
        }
    }

    /**
     * Returns the certificates to trust as a file, for clients that want one.
     *
     * @return null for those that the JVM trusts
     * @throws IllegalArgumentException if settings do not fit together, or a file cannot be used; the message names
     *     setting and file
     */
    public @Nullable StoreFile trustFile() {
        trust();
        if (ca != null) {
            return new StoreFile(ca, "PEM", "");
        }
        return trustStore == null ? null : file("trustStore", trustStore, trustStorePassword);
    }

    /**
     * Returns this client's certificate and key as a file, for clients that want one. Of PEM files a key store is made,
     * which is deleted when the JVM ends; its password is random and never leaves the memory, so that a file left
     * behind by a crash is of no use.
     *
     * @return null for none
     * @throws IllegalArgumentException if settings do not fit together, or a file cannot be used; the message names
     *     setting and file
     */
    public @Nullable StoreFile identityFile() {
        check();
        if (keyStore != null) {
            return file("keyStore", keyStore, keyStorePassword);
        }
        String password = randomPassword();
        byte[] content = identityInPkcs12(password);
        return content == null ? null : written(content, password);
    }

    /** Returns a password that no one can guess. */
    public static String randomPassword() {
        return new BigInteger(PASSWORD_BITS, new SecureRandom()).toString(Character.MAX_RADIX);
    }

    private static StoreFile written(byte[] content, String password) {
        try {
            Path file = Files.createTempFile("snowline-", ".p12");
            file.toFile().deleteOnExit();
            Files.write(file, content);
            return new StoreFile(file.toString(), "PKCS12", password);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "tls.certificate and tls.key must be converted in the directory for temporary files, but: "
                            + e.getMessage(),
                    e);
        }
    }

    private static StoreFile file(String setting, String path, @Nullable String password) {
        String type = load(setting, path, password).getType().toUpperCase(Locale.ROOT);
        return new StoreFile(path, type, password == null ? "" : password);
    }

    private static KeyStore load(String setting, String path, @Nullable String password) {
        try {
            return KeyStore.getInstance(new File(path), chars(password));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tls.%s must be a file with certificates that tls.%sPassword opens, got '%s': %s"
                            .formatted(setting, setting, path, e.getMessage()),
                    e);
        }
    }

    private KeyStore keyStoreOfPem(String certificate, String key) {
        Certificate[] chain = new PemFile("certificate", certificate).certificates();
        PrivateKey privateKey = new PemFile("key", key).key(chars(keyPassword));
        try {
            KeyStore store = PemFile.emptyStore();
            store.setKeyEntry("client", privateKey, NO_PASSWORD, chain);
            return store;
        } catch (GeneralSecurityException e) {
            throw unfit(e);
        }
    }

    private IllegalArgumentException unfit(GeneralSecurityException e) {
        return new IllegalArgumentException("tls must fit together, got %s: %s".formatted(this, e.getMessage()), e);
    }

    private void check() {
        requireOneOf("ca", ca, "trustStore", trustStore);
        requireOneOf("certificate", certificate, "keyStore", keyStore);
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    "tls.certificate and tls.key must be set together, got certificate %s, key %s"
                            .formatted(certificate, key));
        }
        requireOwner("key", key, "keyPassword", keyPassword);
        requireOwner("trustStore", trustStore, "trustStorePassword", trustStorePassword);
        requireOwner("keyStore", keyStore, "keyStorePassword", keyStorePassword);
    }

    private static void requireOneOf(String one, @Nullable String path, String other, @Nullable String otherPath) {
        if (path != null && otherPath != null) {
            throw new IllegalArgumentException("only one of tls.%s and tls.%s must be set, got '%s' and '%s'"
                    .formatted(one, other, path, otherPath));
        }
    }

    private static void requireOwner(String setting, @Nullable String path, String name, @Nullable String password) {
        if (password != null && path == null) {
            throw new IllegalArgumentException("tls.%s must be set, because tls.%s is".formatted(setting, name));
        }
    }

    private static char @Nullable [] chars(@Nullable String password) {
        return password == null ? null : password.toCharArray();
    }

    @Override
    public String toString() {
        return "{ca=%s, certificate=%s, key=%s, trustStore=%s, keyStore=%s, verifyHostname=%s, authority=%s}"
                .formatted(ca, certificate, key, trustStore, keyStore, verifyHostname, authority);
    }

    /**
     * A key store in a file. Immutable and thread-safe; its text does not show the password.
     *
     * @param path where it is
     * @param type its format, such as PKCS12, JKS or PEM
     * @param password opens it; empty for none
     */
    public record StoreFile(String path, String type, String password) {
        @Override
        public String toString() {
            return "%s (%s)".formatted(path, type);
        }
    }
}
