package io.snowline.dropwizard;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jersey.errors.ErrorMessage;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.id.NodeLine;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Shows which owner holds which node id, as JSON, as the coordinator has it at this moment.
 *
 * <p>Thread-safe.
 */
final class NodesServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Supplier<List<NodeLine>> nodes;
    private final transient ObjectMapper mapper;

    /** @param nodes reads the node ids of all namespaces from the backend */
    NodesServlet(Supplier<List<NodeLine>> nodes, ObjectMapper mapper) {
        this.nodes = nodes;
        this.mapper = mapper;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            write(response, 200, nodes.get());
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
