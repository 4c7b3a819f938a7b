package io.snowline.coordination.support;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The namespaces that the applications of this JVM issue IDs of, to warn where one has two generators: each holds a node
 * id, and asks the backend, of its own.
 *
 * <p>Thread-safe.
 */
public final class RunningNamespaces {

    private static final Logger LOG = System.getLogger(RunningNamespaces.class.getName());

    /** By namespace and where it comes from: the applications that have a generator of it. */
    private static final Map<String, List<String>> APPLICATIONS = new HashMap<>();

    private RunningNamespaces() {}

    /**
     * Remembers a generator, and warns if there is another one.
     *
     * @param source where its IDs come from, such as a coordinator, by its text
     * @param application what tells the application from others, for people
     */
    public static void started(String namespace, String source, String application) {
        synchronized (APPLICATIONS) {
            List<String> others = APPLICATIONS.computeIfAbsent(namespace + " on " + source, key -> new ArrayList<>());
            if (!others.isEmpty()) {
                LOG.log(
                        Level.WARNING,
                        ("Namespace '%s' on %s has a generator in application '%s', and one in application '%s' of the same"
                                        + " JVM. IDs stay unique, but each takes a node id; share one generator if that is not intended")
                                .formatted(namespace, source, others.get(others.size() - 1), application));
            }
            others.add(application);
        }
    }

    /** Forgets a generator that was closed; the parameters are those of its start. */
    public static void stopped(String namespace, String source, String application) {
        synchronized (APPLICATIONS) {
            APPLICATIONS
                    .getOrDefault(namespace + " on " + source, new ArrayList<>())
                    .remove(application);
        }
    }
}
