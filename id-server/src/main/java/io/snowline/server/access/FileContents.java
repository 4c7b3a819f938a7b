package io.snowline.server.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/**
 * Notices when the contents of files change. It compares what they contain, since times of modification are too coarse,
 * and secrets that a platform mounts are exchanged behind symbolic links. Not thread-safe.
 */
public final class FileContents {

    private static final byte[] UNREADABLE = {};

    private final List<Path> files;
    private byte[] seen;

    /** Remembers what some small files contain now. */
    public FileContents(List<Path> files) {
        this.files = List.copyOf(files);
        seen = digest();
    }

    /** Tells whether they contain something else than when this was asked before; unreadable is one such content. */
    public boolean changed() {
        byte[] now = digest();
        boolean changed = !Arrays.equals(now, seen);
        seen = now;
        return changed;
    }

    private byte[] digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                digest.update(Files.readAllBytes(file));
            }
            return digest.digest();
        } catch (IOException e) {
            return UNREADABLE;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
