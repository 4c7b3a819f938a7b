package io.snowline.spring;

import io.snowline.id.IdGenerator;
import io.snowline.id.Readiness;
import java.util.Map;

/** The namespaces of the application, as a bean. Implementations are thread-safe. */
public interface SnowlineNamespaces {

    /** Returns the beans that issue IDs, by namespace. */
    Map<String, IdGenerator> generators();

    /** Returns whether IDs can be issued, by namespace, in the order of the properties. */
    Map<String, Readiness> readiness();

    /** Tells whether IDs can be issued in every namespace. */
    default boolean allReady() {
        return readiness().values().stream().allMatch(Readiness::ready);
    }
}
