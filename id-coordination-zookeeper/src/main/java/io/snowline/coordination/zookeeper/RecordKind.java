package io.snowline.coordination.zookeeper;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * How one kind of record lies in a znode's data: as one line of text, or, where it may be written up to some instant only,
 * as three.
 *
 * <pre>
 * token=... floor=...                       the record
 * notAfter=2026-11-23T05:00:00.500Z         the last instant at which it may have been written
 * before=token=... floor=...                what it replaced; nothing after the sign if there was none
 * </pre>
 *
 * <p>ZooKeeper cannot compare its clock with anything in a step. It does say of every znode when it was written, on the
 * clock of the leader that put the step in order. So a record that was written too late is void: everybody who reads it
 * sees that, and sees in its place the one before. That makes rule C6 exact, also for a step that was on its way for a minute.
 */
record RecordKind<R extends Record>(Function<R, String> encoder, Function<String, R> parser) {

    static final RecordKind<NamespaceRecord> NAMESPACE =
            new RecordKind<>(NamespaceRecord::encode, NamespaceRecord::parse);
    static final RecordKind<NodeRecord> NODE = new RecordKind<>(NodeRecord::encode, NodeRecord::parse);

    private static final String NOT_AFTER = "notAfter=";
    private static final String BEFORE = "before=";

    byte[] encode(R record, Optional<Instant> notAfter, Optional<R> before) {
        String line = encoder.apply(record);
        String text = notAfter.map(instant -> "%s\n%s%s\n%s%s"
                        .formatted(
                                line,
                                NOT_AFTER,
                                Instant.ofEpochMilli(instant.toEpochMilli()),
                                BEFORE,
                                before.map(encoder).orElse("")))
                .orElse(line);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns the record that data stands for; empty if all of it came too late.
     *
     * @param writtenAt when the data was written, on ZooKeeper's clock
     * @throws IllegalArgumentException if it is not written as {@link #encode} writes
     */
    Optional<R> decode(byte[] data, Instant writtenAt) {
        String text = new String(data, StandardCharsets.UTF_8);
        String[] lines = text.split("\n", -1);
        R record = parser.apply(lines[0]);
        if (lines.length == 1) {
            return Optional.of(record);
        }
        if (lines.length != 3 || !lines[1].startsWith(NOT_AFTER) || !lines[2].startsWith(BEFORE)) {
            throw new IllegalArgumentException(
                    "it has %d lines, of which not all are Snowline's".formatted(lines.length));
        }
        Instant notAfter = instant(lines[1].substring(NOT_AFTER.length()));
        String before = lines[2].substring(BEFORE.length());
        Optional<R> former = before.isEmpty() ? Optional.empty() : Optional.of(parser.apply(before));
        return writtenAt.isAfter(notAfter) ? former : Optional.of(record);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("its notAfter is no instant", e);
        }
    }
}
