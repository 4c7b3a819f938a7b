package io.snowline.coordination.zookeeper;

import io.snowline.coordination.Stored;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The place of one record, as it was read.
 *
 * @param stored the record; empty if there is none, with or without a znode
 * @param version the znode's data version, which the next write must still find; empty if there is no znode
 * @param changedAt the id of the znode's last transaction, which no two states of the ensemble share; 0 if there is no
 *     znode
 */
record StoredZnode<R extends Record>(Optional<Stored<R>> stored, OptionalInt version, long changedAt) {

    static <R extends Record> StoredZnode<R> none() {
        return new StoredZnode<>(Optional.empty(), OptionalInt.empty(), 0);
    }

    boolean hasZnode() {
        return version.isPresent();
    }
}
