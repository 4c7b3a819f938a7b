package io.snowline.spring;

/**
 * Where the generators of an application come from: a coordinator, or servers. {@code toString} names it for people,
 * without secrets.
 *
 * <p>Implementations are thread-safe.
 */
interface GeneratorSource {

    /**
     * Starts a generator, without waiting for the backend.
     *
     * @param events is told what happens to its leases
     * @throws SnowlineConfigurationException if its settings contradict each other
     */
    Issuing start(String namespace, LeaseEvents events);
}
