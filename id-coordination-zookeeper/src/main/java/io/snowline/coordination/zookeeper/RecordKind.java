package io.snowline.coordination.zookeeper;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * How one kind of record is stored in a znode's data: as one line of text, or, if it may be written up to some instant
 * only, as three.
 *
 * <pre>
 * token=... floor=...                       the record
 * notAfter=2026-11-23T05:00:00.500Z         the last instant at which it may have been written
 * before=token=... floor=...                the record it replaced; nothing after the sign if there was none
 * </pre>
 * <p>ZooKeeper cannot compare its clock with anything in a step. But it shows for every znode when it was written, by
 * the clock of the leader that ordered the step. So a record that was written too late is void: every process that
 * reads it notices, and uses the previous record instead. That makes rule C6 exact, even for a step that was delayed
 * for a minute.
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
     * Returns the record that the data stands for; empty if the record was written too late and there was none before
     * it.
     *
     * @param writtenAt when the data was written, on ZooKeeper's clock
     * @throws IllegalArgumentException if the data is not written as {@link #encode} writes it
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
                    "it has %s lines, of which not all are Snowline's".formatted(lines.length));
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
