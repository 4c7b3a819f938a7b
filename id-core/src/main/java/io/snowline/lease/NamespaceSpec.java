package io.snowline.lease;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.support.Names;
import io.snowline.time.TickScale;

/**
 * The settings of one namespace that this process expects to find, or to fix, in the coordinator.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name the namespace: 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}, starting with a letter or digit
 * @param layout the layout in its canonical form; processes with different ones cannot share the namespace
 * @param scale epoch, tick and the bits of a position
 * @param mode how IDs are issued
 * @param nodeIds the node ids that this process may take; within the layout
 * @param lowestStart the position below which this process starts no window, whatever the others do; 0 for no such limit
 */
public record NamespaceSpec(
        String name, String layout, TickScale scale, IssuingMode mode, NodeIdRange nodeIds, long lowestStart) {

    /**
     * @throws IllegalArgumentException if the name contains other characters, or is too long
     */
    public NamespaceSpec {
        Names.requireNamespace(name);
    }
}
