package io.snowline.coordination;

/**
 * A factory of coordinators, found by {@link java.util.ServiceLoader}. Its setters are the settings of the
 * {@code coordination} block of the server's YAML, under the same names; a setter throws
 * {@link IllegalArgumentException} for a value that breaks its rule. Property types are String, boolean, int, long,
 * {@link java.time.Duration}, enums, lists and maps of those, and nested beans.
 *
 * <p>Implementations have a public no-argument constructor and are not thread-safe.
 */
public interface NodeCoordinatorFactory {

    /** Returns the name that selects this factory in a configuration, such as {@code redis}. */
    String type();

    /**
     * Checks that the settings are consistent and opens a coordinator, without contacting the backend: an unreachable
     * backend shows at the first step, not here.
     *
     * @throws IllegalArgumentException if the settings contradict each other; the message names the setting, the rule
     *     and the value
     */
    NodeCoordinator open();
}
