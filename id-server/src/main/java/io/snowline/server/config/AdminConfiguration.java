package io.snowline.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.setup.AdminFactory;
import java.util.List;

/**
 * The {@code admin} block: Dropwizard's own, and who may ask the administrative port.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>hosts</td><td>none</td><td>names under which the administrative port may be asked, besides those of the loopback
 *   interface and IP addresses</td></tr>
 * <tr><td>serveTasks</td><td>false</td><td>whether {@code /tasks} is served: a garbage collection, and the log levels</td></tr>
 * </table>
 *
 * <p>Not thread-safe.
 */
public final class AdminConfiguration extends AdminFactory {

    @JsonProperty
    private List<String> hosts = List.of();

    @JsonProperty
    private boolean serveTasks;

    /** Returns the host names that requests may have besides those of the loopback interface and IP addresses. */
    public List<String> hosts() {
        return hosts;
    }

    /** Tells whether tasks are served. */
    public boolean serveTasks() {
        return serveTasks;
    }
}
