package io.snowline.coordination.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.support.TlsSettings.StoreFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TlsSettingsTest {

    private static final String PASSWORD = "s3cret";
    private static final String NAME = "elsewhere.example.com";

    @TempDir
    private static Path directory;

    private static String certificate = "";
    private static String key = "";
    private static String encryptedKey = "";
    private static String keyStore = "";
    private static String trustStore = "";

    private final TlsSettings settings = new TlsSettings();

    @BeforeAll
    static void makeFiles() throws IOException, InterruptedException, GeneralSecurityException {
        keyStore = path("key.p12");
        keytool("-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=dns:" + NAME);
        KeyStore keys = KeyStore.getInstance(Path.of(keyStore).toFile(), PASSWORD.toCharArray());
        byte[] privateKey = keys.getKey("a", PASSWORD.toCharArray()).getEncoded();
        certificate = pem("CERTIFICATE", "cert.pem", keys.getCertificate("a").getEncoded());
        key = pem("PRIVATE KEY", "key.pem", privateKey);
        encryptedKey = pem("ENCRYPTED PRIVATE KEY", "encrypted.pem", encrypted(privateKey));
        trustStore = path("trust.p12");
        try (OutputStream out = Files.newOutputStream(Path.of(trustStore))) {
            new PemFile("ca", certificate).trustStore().store(out, PASSWORD.toCharArray());
        }
    }

    private static String path(String name) {
        return directory.resolve(name).toString();
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        builder.command().addAll(List.of(arguments));
        builder.command().addAll(List.of("-storetype", "PKCS12", "-keystore", keyStore, "-storepass", PASSWORD));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static String pem(String what, String name, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        String text = "made for a test\n-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what);
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private static byte[] encrypted(byte[] content) throws GeneralSecurityException, IOException {
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(PASSWORD.toCharArray())));
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
        parameters.init(cipher.getParameters().getEncoded());
        return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(content)).getEncoded();
    }

    @Test
    void byDefaultItTrustsWhatTheJvmTrustsAndShowsNothing() {
        assertThat(settings.trust()).isNull();
        assertThat(settings.identity()).isNull();
        assertThat(settings.trustFile()).isNull();
        assertThat(settings.identityFile()).isNull();
    }

    private void showPem(String certificatePath, String keyPath) {
        settings.setCa(certificate);
        settings.setCertificate(certificatePath);
        settings.setKey(keyPath);
    }

    private void showStores() {
        settings.setTrustStore(trustStore);
        settings.setTrustStorePassword(PASSWORD);
        settings.setKeyStore(keyStore);
        settings.setKeyStorePassword(PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stores", "PEM", "encrypted PEM", "one PEM"})
    void eachKindOfFilesServesBothEnds(String kind) throws Exception {
        switch (kind) {
            case "stores" -> showStores();
            case "PEM" -> showPem(certificate, key);
            case "one PEM" -> {
                String both = Files.readString(Path.of(key)) + Files.readString(Path.of(certificate));
                String file =
                        Files.writeString(directory.resolve("both.pem"), both).toString();
                showPem(file, file);
            }
            default -> {
                showPem(certificate, encryptedKey);
                settings.setKeyPassword(PASSWORD);
            }
        }
        assertThat(shownToTheServer()).isEqualTo("CN=test");
    }

    /** Connects to a server that shows this certificate and asks for it, and returns what the server was shown. */
    private String shownToTheServer() throws Exception {
        try (SSLServerSocket server =
                (SSLServerSocket) settings.context().getServerSocketFactory().createServerSocket(0)) {
            server.setNeedClientAuth(true);
            CompletableFuture<Void> client = CompletableFuture.runAsync(() -> connect(server.getLocalPort()));
            try (SSLSocket accepted = (SSLSocket) server.accept()) {
                accepted.startHandshake();
                client.get();
                return accepted.getSession().getPeerPrincipal().getName();
            }
        }
    }

    private void connect(int port) {
        try (Socket connected = new Socket(InetAddress.getLoopbackAddress(), port);
                SSLSocket socket =
                        (SSLSocket) settings.context().getSocketFactory().createSocket(connected, NAME, port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothAreGivenInPkcs12(boolean pem) throws Exception {
        assertThat(settings.trustInPkcs12("x")).isNull();
        assertThat(settings.identityInPkcs12("x")).isNull();
        if (pem) {
            showPem(certificate, key);
        } else {
            showStores();
        }
        char[] password = "another".toCharArray();
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(new ByteArrayInputStream(Objects.requireNonNull(settings.trustInPkcs12("another"))), password);
        KeyStore shown = KeyStore.getInstance("PKCS12");
        shown.load(new ByteArrayInputStream(Objects.requireNonNull(settings.identityInPkcs12("another"))), password);
        String alias = shown.aliases().nextElement();
        assertThat(shown.getKey(alias, password).getEncoded())
                .isEqualTo(new PemFile("key", key).key(null).getEncoded());
        assertThat(trusted.getCertificate(trusted.aliases().nextElement())).isEqualTo(shown.getCertificate(alias));
    }

    @Test
    void aKeyInPemIsGivenAsAKeyStoreUnderARandomPassword() throws Exception {
        showPem(certificate, key);
        StoreFile first = Objects.requireNonNull(settings.identityFile());
        StoreFile second = Objects.requireNonNull(settings.identityFile());
        char[] password = first.password().toCharArray();
        assertThat(first.password()).isNotEqualTo(second.password()).hasSizeGreaterThan(40);
        assertThat(first.toString()).doesNotContain(first.password());
        KeyStore read = KeyStore.getInstance(Path.of(first.path()).toFile(), password);
        assertThat(read.getKey("client", password).getEncoded())
                .isEqualTo(new PemFile("key", key).key(null).getEncoded());
        assertThat(Files.getPosixFilePermissions(Path.of(first.path()))).hasSize(2); // the owner's
    }

    @Test
    void otherFilesAreGivenAsTheyAre() {
        settings.setCa(certificate);
        settings.setKeyStore(keyStore);
        settings.setKeyStorePassword(PASSWORD);
        assertThat(settings.trustFile()).isEqualTo(new StoreFile(certificate, "PEM", ""));
        assertThat(settings.identityFile()).isEqualTo(new StoreFile(keyStore, "PKCS12", PASSWORD));
    }

    @Test
    void settingsThatDoNotFitTogetherAreRefused() {
        refused("only one of tls.ca and tls.trustStore must be set, got 'a' and 'b'", s -> {
            s.setCa("a");
            s.setTrustStore("b");
        });
        refused("only one of tls.certificate and tls.keyStore must be set, got 'a' and 'b'", s -> {
            s.setCertificate("a");
            s.setKeyStore("b");
        });
        refused(
                "tls.certificate and tls.key must be set together, got certificate a, key null",
                s -> s.setCertificate("a"));
        refused("tls.key must be set, because tls.keyPassword is", s -> s.setKeyPassword(PASSWORD));
        refused(
                "tls.trustStore must be set, because tls.trustStorePassword is",
                s -> s.setTrustStorePassword(PASSWORD));
        refused("tls.keyStore must be set, because tls.keyStorePassword is", s -> s.setKeyStorePassword(PASSWORD));
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws IOException {
        String garbage =
                Files.writeString(directory.resolve("garbage"), "no PEM").toString();
        String text = Files.readString(Path.of(key));
        String cut = Files.writeString(directory.resolve("cut"), text.substring(0, text.length() / 2))
                .toString();
        String old = pem("RSA PRIVATE KEY", "old.pem", new byte[] {1});
        String broken = pem("PRIVATE KEY", "broken.pem", new byte[] {1});
        for (String path : List.of(garbage, path("missing"), key)) {
            refused("tls.ca must be a PEM file of certificates, got '" + path + "': ", s -> s.setCa(path));
        }
        String rule =
                "tls.key must be a PEM file of an unencrypted PKCS#8 key, or one that tls.keyPassword opens, got '";
        for (String path : List.of(garbage, path("missing"), certificate, cut, old, broken, encryptedKey)) {
            refused(rule + path, s -> {
                s.setCertificate(certificate);
                s.setKey(path);
            });
        }
        refused(rule + encryptedKey, s -> {
                    s.setCertificate(certificate);
                    s.setKey(encryptedKey);
                    s.setKeyPassword("guessed");
                })
                .message()
                .doesNotContain("guessed");
        for (String path : List.of(garbage, path("missing"))) {
            refused(
                    "tls.trustStore must be a file with certificates that tls.trustStorePassword opens, got '" + path,
                    s -> s.setTrustStore(path));
            refused(
                    "tls.keyStore must be a file with certificates that tls.keyStorePassword opens, got '" + path,
                    s -> s.setKeyStore(path));
        }
    }

    @Test
    void noTextShowsASecret() {
        showStores();
        settings.setKeyPassword(PASSWORD);
        assertThat(settings.toString()).doesNotContain(PASSWORD);
    }

    @Test
    void eachSetterRefusesAnEmptyText() {
        refused("tls.ca must not be empty", s -> s.setCa(""));
        refused("tls.certificate must not be empty", s -> s.setCertificate(""));
        refused("tls.key must not be empty", s -> s.setKey(""));
        refused("tls.keyPassword must not be empty", s -> s.setKeyPassword(""));
        refused("tls.trustStore must not be empty", s -> s.setTrustStore(""));
        refused("tls.trustStorePassword must not be empty", s -> s.setTrustStorePassword(""));
        refused("tls.keyStore must not be empty", s -> s.setKeyStore(""));
        refused("tls.keyStorePassword must not be empty", s -> s.setKeyStorePassword(""));
        refused("tls.authority must not be empty", s -> s.setAuthority(""));
        refused("tls must be a block", s -> TlsSettings.valueOf(true));
    }

    private static AbstractThrowableAssert<?, ?> refused(String message, Consumer<TlsSettings> change) {
        TlsSettings settings = new TlsSettings();
        return assertThatThrownBy(() -> {
                    change.accept(settings);
                    settings.context();
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
