package io.snowline.testing;

import io.snowline.coordination.support.TlsSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A self-signed certificate for server and client alike, made with the JDK's {@code keytool}, in the files that both
 * sides need.
 *
 * <p>Immutable and thread-safe.
 */
public class Certificates {

    /** The password of both stores, and of the key. */
    public static final String PASSWORD = "change-it";

    private static final String ALIAS = "snowline";

    private final Path directory;

    /**
     * Makes a certificate.
     *
     * @param directory where its files are made
     * @param host the host that it is for, such as {@code ip:127.0.0.1} or {@code dns:host}
     */
    public Certificates(Path directory, String host) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
            Commands.run(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-validity",
                    "2",
                    "-dname",
                    "CN=test",
                    "-ext",
                    "san=" + host,
                    "-ext",
                    "bc:c",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    keyStore(),
                    "-storepass",
                    PASSWORD);
            KeyStore keys = KeyStore.getInstance(Path.of(keyStore()).toFile(), PASSWORD.toCharArray());
            Key key = keys.getKey(ALIAS, PASSWORD.toCharArray());
            writePem("PRIVATE KEY", key(), key.getEncoded());
            writePem("CERTIFICATE", certificate(), keys.getCertificate(ALIAS).getEncoded());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
            try (OutputStream out = Files.newOutputStream(Path.of(trustStore()))) {
                trusted.store(out, PASSWORD.toCharArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void writePem(String what, String file, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        Files.writeString(Path.of(file), "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what));
    }

    /** Returns the path of the certificate, in PEM. */
    public final String certificate() {
        return directory.resolve("cert.pem").toString();
    }

    /** Returns the path of the private key, in PEM. */
    public final String key() {
        return directory.resolve("key.pem").toString();
    }

    /** Returns the path of the store that has the certificate and its key, in PKCS12. */
    public final String keyStore() {
        return directory.resolve("key.p12").toString();
    }

    /** Returns the path of the store that has the certificate alone, in PKCS12. */
    public final String trustStore() {
        return directory.resolve("trust.p12").toString();
    }

    /** Returns settings that trust this certificate, by the key store. */
    public final TlsSettings trust() {
        TlsSettings settings = new TlsSettings();
        settings.setTrustStore(trustStore());
        settings.setTrustStorePassword(PASSWORD);
        return settings;
    }

    /** Returns settings that trust and present this certificate, by the key stores. */
    public final TlsSettings trustAndShow() {
        TlsSettings settings = trust();
        settings.setKeyStore(keyStore());
        settings.setKeyStorePassword(PASSWORD);
        return settings;
    }

    /** Returns settings that trust and present this certificate, by the files in PEM. */
    public final TlsSettings trustAndShowPem() {
        TlsSettings settings = new TlsSettings();
        settings.setCa(certificate());
        settings.setCertificate(certificate());
        settings.setKey(key());
        return settings;
    }
}
