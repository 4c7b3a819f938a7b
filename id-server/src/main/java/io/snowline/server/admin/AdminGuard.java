package io.snowline.server.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other origins away from the administrative port. A page in a browser on the operator's machine can
 * send requests to the loopback interface; such a request shows itself by its Host, if a name of the page's own was made
 * to point here, or by its Origin.
 *
 * <p>Thread-safe.
 */
public final class AdminGuard extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]/@\\s]+)(?::[0-9]+)?");
    private static final Pattern ADDRESS = Pattern.compile("\\[.*]|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private final transient Set<String> hosts;
    private final boolean tasks;

    /**
     * @param hosts names that a request may have as its host, besides those of the loopback interface and IP addresses
     * @param tasks whether {@code /tasks} is served
     */
    public AdminGuard(List<String> hosts, boolean tasks) {
        this.hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        this.tasks = tasks;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<String> refusal = refusal(request);
        if (refusal.isPresent()) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN, refusal.get());
        } else if (!tasks && isTask(request.getPathInfo(), request.getServletPath())) {
            response.sendError(
                    HttpServletResponse.SC_NOT_FOUND, "tasks are off; to serve them, set admin.serveTasks to true");
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean isTask(@Nullable String pathInfo, String servletPath) {
        String path = servletPath + (pathInfo == null ? "" : pathInfo);
        return path.equals("/tasks") || path.startsWith("/tasks/");
    }

    private Optional<String> refusal(HttpServletRequest request) {
        String host = request.getHeader("Host");
        if (host != null && !allowed(host)) {
            return Optional.of("Host must be localhost, an IP address or one of admin.hosts");
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !origin.equalsIgnoreCase(request.getScheme() + "://" + host)) {
            return Optional.of("Origin must be this server's own");
        }
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !OWN_SITES.contains(site)) {
            return Optional.of("Sec-Fetch-Site must be same-origin or none");
        }
        return Optional.empty();
    }

    private boolean allowed(String authority) {
        var matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            return false;
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || ADDRESS.matcher(name).matches()
                || hosts.contains(name);
    }
}
