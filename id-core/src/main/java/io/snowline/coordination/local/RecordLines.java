package io.snowline.coordination.local;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.support.RecordSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The text form of a namespace's records: the namespace record's line, empty if there is none, then a line for each node record. */
final class RecordLines {

    private RecordLines() {}

    static List<String> of(RecordSet records) {
        List<String> lines = new ArrayList<>();
        lines.add(records.namespace().map(NamespaceRecord::encode).orElse(""));
        records.nodes().values().forEach(node -> lines.add(node.encode()));
        return lines;
    }

    /**
     * Reads what {@link #of} wrote.
     *
     * @throws IllegalArgumentException if the lines are anything else
     */
    static RecordSet parse(List<String> lines) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("the namespace record is missing");
        }
        String first = lines.get(0);
        SortedMap<Integer, NodeRecord> nodes = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            NodeRecord node = NodeRecord.parse(line);
            if (nodes.put(node.node(), node) != null) {
                throw new IllegalArgumentException("node id %s is there twice".formatted(node.node()));
            }
        }
        return new RecordSet(first.isEmpty() ? Optional.empty() : Optional.of(NamespaceRecord.parse(first)), nodes);
    }
}
