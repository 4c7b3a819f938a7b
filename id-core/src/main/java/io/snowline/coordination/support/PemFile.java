package io.snowline.coordination.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A file of certificates and keys in the textual form of RFC 7468. Text around the blocks is ignored. Immutable and
 * thread-safe.
 *
 * @param setting the name of the setting within {@code tls}, for messages
 */
record PemFile(String setting, String path) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    /** Returns a key store with nothing in it. */
    static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        return store;
    }

    /**
     * Returns the certificates as a key store.
     *
     * @throws IllegalArgumentException if there is none, or they cannot be read
     */
    KeyStore trustStore() {
        Certificate[] certificates = certificates();
        try {
            KeyStore store = emptyStore();
            for (int i = 0; i < certificates.length; i++) {
                store.setCertificateEntry("ca-" + i, certificates[i]);
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw refused("a PEM file of certificates", e.getMessage(), e);
        }
    }

    /**
     * Returns the certificates in the file's order.
     *
     * @throws IllegalArgumentException if there is none, or they cannot be read
     */
    Certificate[] certificates() {
        String rule = "a PEM file of certificates";
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<Certificate> certificates = new ArrayList<>();
            for (MatchResult block : blocks(rule)) {
                if (block.group(1).equals("CERTIFICATE")) {
                    certificates.add(factory.generateCertificate(new ByteArrayInputStream(content(block))));
                }
            }
            if (certificates.isEmpty()) {
                throw refused(rule, "it has no block BEGIN CERTIFICATE", null);
            }
            return certificates.toArray(Certificate[]::new);
        } catch (GeneralSecurityException e) {
            throw refused(rule, e.getMessage(), e);
        }
    }

    /**
     * Returns the key.
     *
     * @param password opens the key if it is encrypted; null for none
     * @throws IllegalArgumentException if there is none, or it cannot be read; the message does not show the file's
     *     content
     */
    PrivateKey key(char @Nullable [] password) {
        String rule = "a PEM file of an unencrypted PKCS#8 key, or one that tls.keyPassword opens";
        try {
            for (MatchResult block : blocks(rule)) {
                String kind = block.group(1);
                if (kind.equals("PRIVATE KEY")) {
                    return decode(new PKCS8EncodedKeySpec(content(block)));
                }
                if (kind.equals("ENCRYPTED PRIVATE KEY")) {
                    return decode(decrypted(content(block), password));
                }
                if (kind.endsWith("PRIVATE KEY")) {
                    String how =
                            "it has a block BEGIN %s; convert it with openssl pkcs8 -topk8 -nocrypt".formatted(kind);
                    throw refused(rule, how, null);
                }
            }
        } catch (GeneralSecurityException | IOException e) {
            throw refused(rule, e.getMessage(), e);
        }
        throw refused(rule, "it has no block BEGIN PRIVATE KEY", null);
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] content, char @Nullable [] password)
            throws GeneralSecurityException, IOException {
        if (password == null) {
            throw new GeneralSecurityException("it is encrypted, and tls.keyPassword is not set");
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(content);
        // For PBES2 the algorithm's own name is that of the family; its parameters say which one it is.
        String algorithm = info.getAlgParameters().toString();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)),
                info.getAlgParameters());
        return info.getKeySpec(cipher);
    }

    private static PrivateKey decode(PKCS8EncodedKeySpec key) throws GeneralSecurityException {
        GeneralSecurityException unknown = new InvalidKeySpecException("it is none of " + KEY_ALGORITHMS);
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(key);
            } catch (InvalidKeySpecException e) {
                unknown.addSuppressed(e);
            }
        }
        throw unknown;
    }

    private List<MatchResult> blocks(String rule) {
        try {
            return BLOCK.matcher(Files.readString(Path.of(path), StandardCharsets.ISO_8859_1))
                    .results()
                    .toList();
        } catch (IOException | RuntimeException e) {
            throw refused(rule, e.toString(), e);
        }
    }

    private static byte[] content(MatchResult block) throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("it is not Base64", e);
        }
    }

    private IllegalArgumentException refused(String rule, @Nullable String reason, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "tls.%s must be %s, got '%s': %s".formatted(setting, rule, path, reason), cause);
    }
}
