package io.snowline.coordination.zookeeper;

import io.snowline.coordination.Stored;
import java.util.Optional;

/**
 * The place of one record, as it was read.
 *
 * @param stored the record; empty if there is none, with or without a znode
 * @param version the znode's version, which the next write must still find; {@link #NO_ZNODE} if there is no znode
 * @param changedAt the znode's transaction number, which no two states of the ensemble share; 0 if there is no znode
 */
record Slot<R extends Record>(Optional<Stored<R>> stored, int version, long changedAt) {

    private static final int NO_ZNODE = -1;

    static <R extends Record> Slot<R> none() {
        return new Slot<>(Optional.empty(), NO_ZNODE, 0);
    }

    boolean hasZnode() {
        return version != NO_ZNODE;
    }
}
