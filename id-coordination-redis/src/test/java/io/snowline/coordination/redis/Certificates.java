package io.snowline.coordination.redis;

import io.snowline.coordination.redis.testing.RedisServer;
import io.snowline.coordination.support.TlsSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A self-signed certificate, made with the JDK's {@code keytool}, in the files that both sides need. */
record Certificates(Path directory) {

    private static final String PASSWORD = "changeit";

    static Certificates make(Path directory, String host) {
        Certificates certificates = new Certificates(directory);
        try {
            certificates.generate(host);
            KeyStore keys = KeyStore.getInstance(certificates.keyStore().toFile(), PASSWORD.toCharArray());
            byte[] key = keys.getKey("redis", PASSWORD.toCharArray()).getEncoded();
            certificates.writePem("PRIVATE KEY", "key.pem", key);
            certificates.writePem(
                    "CERTIFICATE", "cert.pem", keys.getCertificate("redis").getEncoded());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("redis", keys.getCertificate("redis"));
            try (OutputStream out = Files.newOutputStream(certificates.trustStore())) {
                trusted.store(out, PASSWORD.toCharArray());
            }
            return certificates;
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void generate(String host) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "redis",
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
                        keyStore().toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + output);
        }
    }

    private void writePem(String what, String file, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        Files.writeString(
                directory.resolve(file), "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what));
    }

    RedisServer startServer(boolean askClients) {
        String certificate = directory.resolve("cert.pem").toString();
        return RedisServer.start(
                "--tls",
                "--tls-cert-file",
                certificate,
                "--tls-key-file",
                directory.resolve("key.pem").toString(),
                "--tls-ca-cert-file",
                certificate,
                "--tls-auth-clients",
                askClients ? "yes" : "no");
    }

    void trust(RedisCoordinatorFactory factory) {
        factory.setTls(trust());
    }

    TlsSettings trust() {
        TlsSettings tls = new TlsSettings();
        tls.setTrustStore(trustStore().toString());
        tls.setTrustStorePassword(PASSWORD);
        return tls;
    }

    void trustAndShow(RedisCoordinatorFactory factory) {
        TlsSettings tls = trust();
        tls.setKeyStore(keyStore().toString());
        tls.setKeyStorePassword(PASSWORD);
        factory.setTls(tls);
    }

    /** The same with files in PEM. */
    void trustAndShowPem(RedisCoordinatorFactory factory) {
        TlsSettings tls = new TlsSettings();
        tls.setCa(directory.resolve("cert.pem").toString());
        tls.setCertificate(directory.resolve("cert.pem").toString());
        tls.setKey(directory.resolve("key.pem").toString());
        factory.setTls(tls);
    }

    private Path keyStore() {
        return directory.resolve("key.p12");
    }

    private Path trustStore() {
        return directory.resolve("trust.p12");
    }
}
