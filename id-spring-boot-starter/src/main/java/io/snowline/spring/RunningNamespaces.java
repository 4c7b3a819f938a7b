package io.snowline.spring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The namespaces that the applications of this JVM issue IDs of, to warn where one has two generators: each holds a node
 * id, and asks the backend, of its own.
 *
 * <p>Thread-safe.
 */
final class RunningNamespaces {

    private static final Log LOG = LogFactory.getLog(RunningNamespaces.class);

    /** By namespace and where it comes from: the applications that have a generator of it. */
    private static final Map<String, List<String>> APPLICATIONS = new HashMap<>();

    private RunningNamespaces() {}

    static void started(String namespace, GeneratorSource source, String application) {
        synchronized (APPLICATIONS) {
            List<String> others = APPLICATIONS.computeIfAbsent(namespace + " on " + source, key -> new ArrayList<>());
            if (!others.isEmpty()) {
                LOG.warn(
                        ("Namespace '%s' on %s has a generator in application '%s', and one in application '%s' of the same"
                                        + " JVM. IDs stay unique, but each takes a node id; share one generator if that is not intended")
                                .formatted(namespace, source, others.get(others.size() - 1), application));
            }
            others.add(application);
        }
    }

    static void stopped(String namespace, GeneratorSource source, String application) {
        synchronized (APPLICATIONS) {
            List<String> applications = APPLICATIONS.getOrDefault(namespace + " on " + source, new ArrayList<>());
            applications.remove(application);
        }
    }
}
