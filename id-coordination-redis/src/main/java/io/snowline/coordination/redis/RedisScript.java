package io.snowline.coordination.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The Lua scripts, one for each atomic step. Redis finds a script by its SHA-1 once it has run it. */
enum RedisScript {
    READ("read.lua", false),
    PART("part.lua", false),
    REPLACE("replace.lua", true),
    RECORD("record.lua", true),
    RECORDED("recorded.lua", false),
    LOCK("lock.lua", false),
    UNLOCK("unlock.lua", false),
    HELD("held.lua", false);

    private final String text;
    private final String sha1;
    private final boolean durable;

    RedisScript(String resource, boolean durable) {
        this.text = load("common.lua") + load(resource);
        this.sha1 = sha1(text);
        this.durable = durable;
    }

    String text() {
        return text;
    }

    String sha1() {
        return sha1;
    }

    /**
     * Tells whether IDs depend on what this script writes, so that replicas must have it if {@code waitReplicas} is
     * set.
     */
    boolean durable() {
        return durable;
    }

    private static String load(String resource) {
        try (InputStream in = RedisScript.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " must lie next to " + RedisScript.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-1", e);
        }
    }
}
