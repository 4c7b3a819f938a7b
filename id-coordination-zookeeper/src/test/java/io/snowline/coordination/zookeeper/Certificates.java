package io.snowline.coordination.zookeeper;

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
import java.util.Map;

/** A self-signed certificate, for server and client alike. */
record Certificates(Path directory) {

    private static final String PASSWORD = "change-it";
    private static final String ALIAS = "zookeeper";

    /** Makes a certificate for a host, such as {@code ip:127.0.0.1}. */
    static Certificates of(Path directory, String host) {
        Certificates certificates = new Certificates(directory);
        try {
            Files.createDirectories(directory);
            certificates.generate(host);
            KeyStore keys =
                    KeyStore.getInstance(Path.of(certificates.keyStore()).toFile(), PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
            try (OutputStream out = Files.newOutputStream(Path.of(certificates.trustStore()))) {
                trusted.store(out, PASSWORD.toCharArray());
            }
            writePem(
                    "CERTIFICATE",
                    certificates.certificate(),
                    keys.getCertificate(ALIAS).getEncoded());
            writePem(
                    "PRIVATE KEY",
                    certificates.key(),
                    keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
            return certificates;
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void generate(String host) throws IOException, InterruptedException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> identity =
                List.of("-alias", ALIAS, "-dname", "CN=test", "-ext", "san=" + host, "-ext", "bc:c", "-validity", "2");
        List<String> store = List.of("-storetype", "PKCS12", "-keystore", keyStore(), "-storepass", PASSWORD);
        ProcessBuilder builder = new ProcessBuilder(keytool, "-genkeypair", "-keyalg", "EC");
        builder.command().addAll(identity);
        builder.command().addAll(store);
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + output);
        }
    }

    /** Returns the settings with which a server speaks TLS on a port. */
    Map<String, Object> serverProperties(int securePort, boolean askClients) {
        return Map.of(
                "secureClientPort",
                Integer.toString(securePort),
                "serverCnxnFactory",
                "org.apache.zookeeper.server.NettyServerCnxnFactory",
                "ssl.keyStore.location",
                keyStore(),
                "ssl.keyStore.password",
                PASSWORD,
                "ssl.trustStore.location",
                trustStore(),
                "ssl.trustStore.password",
                PASSWORD,
                "ssl.clientAuth",
                askClients ? "need" : "none");
    }

    void trust(ZooKeeperCoordinatorFactory factory) {
        factory.setTls(trust());
    }

    private TlsSettings trust() {
        TlsSettings tls = new TlsSettings();
        tls.setTrustStore(trustStore());
        tls.setTrustStorePassword(PASSWORD);
        return tls;
    }

    void trustAndShow(ZooKeeperCoordinatorFactory factory) {
        TlsSettings tls = trust();
        tls.setKeyStore(keyStore());
        tls.setKeyStorePassword(PASSWORD);
        factory.setTls(tls);
    }

    /** The same with files in PEM. */
    void trustAndShowPem(ZooKeeperCoordinatorFactory factory) {
        TlsSettings tls = new TlsSettings();
        tls.setCa(certificate().toString());
        tls.setCertificate(certificate().toString());
        tls.setKey(key().toString());
        factory.setTls(tls);
    }

    private static void writePem(String what, Path file, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what));
    }

    private Path certificate() {
        return directory.resolve("cert.pem");
    }

    private Path key() {
        return directory.resolve("key.pem");
    }

    private String keyStore() {
        return directory.resolve("key.p12").toString();
    }

    private String trustStore() {
        return directory.resolve("trust.p12").toString();
    }
}
