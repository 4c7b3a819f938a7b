package io.snowline.coordination;

import java.util.Objects;

/**
 * The stored record of one node id: its latest window, and who reserved it. The {@code end} is the mark: every position
 * below it is spoken for, no matter who owned it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param node the node id
 * @param token 128 random bits in hex, fresh for every change of this record
 * @param owner the owner's id, 128 random bits in hex; empty if the node id was released
 * @param label the owner's name for humans, such as {@code host:port}; kept after a release
 * @param start the position at which the owner's gapless run of windows began
 * @param end the first position that is not reserved: the mark
 */
public record NodeRecord(int node, String token, String owner, String label, long start, long end) {

    /**
     * @throws IllegalArgumentException if a value is outside its range, or contains characters that a record cannot
     *     hold
     */
    public NodeRecord {
        if (node < 0) {
            throw new IllegalArgumentException("node must not be negative, got " + node);
        }
        RecordText.requireWord("token", token);
        if (!owner.isEmpty()) {
            RecordText.requireWord("owner", owner);
        }
        RecordText.requireLabel(label);
        if (start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "node %s: must have 0 <= start <= end, got start %s and end %s".formatted(node, start, end));
        }
    }

    /** Tells whether the node id was released. */
    public boolean released() {
        return owner.isEmpty();
    }

    /** Returns this record as one line of text for storage; {@link #parse} reads it. */
    public String encode() {
        return RecordText.write("node", node)
                .with("token", token)
                .with("owner", owner)
                .with("label", label)
                .with("start", start)
                .with("end", end)
                .toString();
    }

    /**
     * Reads a record that {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static NodeRecord parse(String text) {
        RecordText.Reader fields = RecordText.read(text, 6);
        NodeRecord record = new NodeRecord(
                fields.smallNumber("node"),
                fields.text("token"),
                fields.text("owner"),
                fields.text("label"),
                fields.number("start"),
                fields.number("end"));
        return RecordText.requireWrittenAs(record.encode(), text, record);
    }

    /** Tells whether the node id is held by the given owner. */
    public boolean heldBy(String anOwner) {
        return !released() && Objects.equals(owner, anOwner);
    }
}
