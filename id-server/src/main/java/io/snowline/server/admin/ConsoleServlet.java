package io.snowline.server.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jersey.errors.ErrorMessage;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The console: a page for people, under {@code /console/}. Its files are part of the jar; what it shows, it asks this
 * server for. {@code state} is what no other administrative call tells, and a POST to {@code take} issues an ID.
 *
 * <p>Thread-safe.
 */
public final class ConsoleServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** The page may load nothing but its own files, may not be framed, and has no script or style between its tags. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /** No foreign page can set this header without asking first, and that is refused. */
    private static final String OWN_HEADER = "X-Snowline";

    private static final List<String> NAMES = List.of("index.html", "console.js", "console.css", "icon.svg");

    private final transient Map<String, byte[]> files = new HashMap<>();
    private final transient Supplier<ConsoleState> state;
    private final transient IdSampler sampler;
    private final transient ObjectMapper mapper;

    /**
     * Makes the servlet.
     *
     * @param state describes this server
     * @param sampler issues IDs
     */
    public ConsoleServlet(Supplier<ConsoleState> state, IdSampler sampler, ObjectMapper mapper) {
        this.state = state;
        this.sampler = sampler;
        this.mapper = mapper;
        NAMES.forEach(name -> files.put(name, read(name)));
    }

    private static byte[] read(String name) {
        try (InputStream file = ConsoleServlet.class.getResourceAsStream("console/" + name)) {
            if (file == null) {
                throw new IllegalStateException("the class path must have the console's " + name + ", got none");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        if (path == null) {
            response.sendRedirect(request.getRequestURI() + "/");
            return;
        }
        String name = path.equals("/") ? "index.html" : path.substring(1);
        byte[] file = files.get(name);
        if (file != null) {
            write(response, 200, type(name), file);
        } else if (name.equals("state")) {
            write(response, 200, state.get());
        } else {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    /** Returns the media type of a file. */
    static String type(String name) {
        return switch (name.substring(name.indexOf('.'))) {
            case ".js" -> "text/javascript;charset=utf-8";
            case ".css" -> "text/css;charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> "text/html;charset=utf-8";
        };
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!"/take".equals(request.getPathInfo())) {
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        } else if (request.getHeader(OWN_HEADER) == null) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, OWN_HEADER + " must be sent, got none");
        } else {
            take(Optional.ofNullable(request.getParameter("namespace")).orElse(""), response);
        }
    }

    private void take(String namespace, HttpServletResponse response) throws IOException {
        IdSampler.Sample sample = sampler.take(namespace);
        if (sample.id().isPresent()) {
            write(response, 200, Map.of("id", Long.toString(sample.id().getAsLong())));
        } else {
            refuse(response, sample.status(), sample.message());
        }
    }

    private void refuse(HttpServletResponse response, int status, String message) throws IOException {
        write(response, status, new ErrorMessage(status, message));
    }

    private void write(HttpServletResponse response, int status, Object json) throws IOException {
        write(response, status, "application/json", mapper.writeValueAsBytes(json));
    }

    private static void write(HttpServletResponse response, int status, String type, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.getOutputStream().write(body);
    }
}
