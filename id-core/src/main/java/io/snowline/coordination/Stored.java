package io.snowline.coordination;

/**
 * A record as it was read: its value, and the backend's own number for this state of it, where the backend has one
 * (ZooKeeper's data version, etcd's mod revision; 0 elsewhere). A replacement hands it back as what it expects.
 *
 * <p>Immutable; threads may share it.
 *
 * @param record the value
 * @param revision the backend's number for this state, opaque to everyone but the coordinator
 */
public record Stored<R extends Record>(R record, long revision) {}
