package io.snowline.server.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jersey.errors.ErrorMessage;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.id.NodeLine;
import io.snowline.server.config.GeneratorSettings;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * Shows which owner holds which node id, as JSON, as the coordinator has it at this moment.
 *
 * <p>Thread-safe.
 */
public final class NodesServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient NodeCoordinator coordinator;
    private final transient List<GeneratorSettings> generators;
    private final transient ObjectMapper mapper;

    /** Makes the servlet. */
    public NodesServlet(NodeCoordinator coordinator, List<GeneratorSettings> generators, ObjectMapper mapper) {
        this.coordinator = coordinator;
        this.generators = generators;
        this.mapper = mapper;
    }

    /**
     * Reads the node ids of all namespaces.
     *
     * @throws CoordinatorUnavailableException if the backend did not answer; retrying helps
     */
    public static List<NodeLine> read(NodeCoordinator coordinator, List<GeneratorSettings> generators) {
        return generators.stream()
                .flatMap(generator -> NodeLine.read(coordinator, generator.namespace(), generator.layout()).stream())
                .toList();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            write(response, 200, read(coordinator, generators));
        } catch (CoordinatorUnavailableException | UnreadableRecordException e) {
            response.setHeader("Retry-After", "1");
            write(response, 503, new ErrorMessage(503, String.valueOf(e.getMessage())));
        }
    }

    private void write(HttpServletResponse response, int status, Object body) throws IOException {
        byte[] json = mapper.writeValueAsBytes(body);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(json);
    }
}
