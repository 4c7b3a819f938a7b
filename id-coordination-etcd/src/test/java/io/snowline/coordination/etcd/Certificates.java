package io.snowline.coordination.etcd;

import io.snowline.coordination.etcd.testing.EtcdServer;
import io.snowline.coordination.support.TlsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** A self-signed certificate, made with the JDK's {@code keytool}, in the files that both sides need. */
record Certificates(Path directory) {

    private static final String PASSWORD = "changeit";

    static Certificates make(Path directory, String host) {
        Certificates certificates = new Certificates(directory);
        try {
            certificates.generate(host);
            KeyStore keys = KeyStore.getInstance(certificates.keyStore().toFile(), PASSWORD.toCharArray());
            byte[] key = keys.getKey("etcd", PASSWORD.toCharArray()).getEncoded();
            certificates.writePem("PRIVATE KEY", certificates.key(), key);
            certificates.writePem(
                    "CERTIFICATE",
                    certificates.certificate(),
                    keys.getCertificate("etcd").getEncoded());
            return certificates;
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void generate(String host) throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process keytool = new ProcessBuilder(List.of(
                        tool.toString(),
                        "-genkeypair",
                        "-alias",
                        "etcd",
                        "-keyalg",
                        "EC",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=ids",
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
        Files.writeString(Path.of(file), "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what));
    }

    EtcdServer startServer(String... more) {
        return EtcdServer.start(
                Stream.concat(Stream.of("--cert-file", certificate(), "--key-file", key()), Stream.of(more))
                        .toArray(String[]::new));
    }

    /** Starts a server that answers only clients with this certificate. */
    EtcdServer startServerForKnownClients() {
        return startServer("--client-cert-auth", "--trusted-ca-file", certificate());
    }

    TlsSettings trust() {
        TlsSettings settings = new TlsSettings();
        settings.setCa(certificate());
        return settings;
    }

    TlsSettings trustAndShow() {
        TlsSettings settings = trust();
        settings.setCertificate(certificate());
        settings.setKey(key());
        return settings;
    }

    String certificate() {
        return directory.resolve("cert.pem").toString();
    }

    private String key() {
        return directory.resolve("key.pem").toString();
    }

    private Path keyStore() {
        return directory.resolve("key.p12");
    }
}
