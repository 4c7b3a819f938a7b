package io.snowline.coordination.tck;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Generates names, tokens and records. */
final class Samples {

    private static final AtomicLong SERIAL = new AtomicLong();

    private Samples() {}

    /** Returns the name of a namespace to which nothing was ever written. */
    static String freshNamespace() {
        return "tck" + SERIAL.incrementAndGet() + "-" + token().substring(0, 12);
    }

    /** Returns 128 random bits in hex. */
    static String token() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    static NamespaceRecord namespaceRecord(String identity, long floor) {
        return new NamespaceRecord(
                token(),
                "t41n10s12@1ms",
                Instant.parse("2025-01-01T00:00:00Z"),
                IssuingMode.LEASED,
                Duration.ofSeconds(30),
                1,
                identity,
                floor,
                Optional.of(Instant.parse("2025-01-01T00:00:00Z")));
    }

    static NodeRecord nodeRecord(int node, long end) {
        return new NodeRecord(node, token(), token(), "host:8080", 0, end);
    }

    /** Returns a copy of the record with a fresh token. */
    static NodeRecord withFreshToken(NodeRecord record) {
        return new NodeRecord(record.node(), token(), record.owner(), record.label(), record.start(), record.end());
    }

    /** Returns a copy of the record with a fresh token. */
    static NamespaceRecord withFreshToken(NamespaceRecord record) {
        return new NamespaceRecord(
                token(),
                record.layout(),
                record.epoch(),
                record.mode(),
                record.ahead(),
                record.incarnation(),
                record.identity(),
                record.floor(),
                record.usableFrom());
    }
}
