package io.snowline.coordination;

/**
 * A record as it was read: its value, and the backend's revision number for this state of it, if the backend has one
 * (ZooKeeper's data version, etcd's mod revision; 0 elsewhere). A replacement passes it back as the expected state.
 *
 * <p>Immutable and thread-safe.
 *
 * @param record the value
 * @param revision the backend's number for this state, opaque to all but the coordinator
 */
public record Stored<R extends Record>(R record, long revision) {}
