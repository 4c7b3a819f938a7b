package io.snowline.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.snowline.coordination.NodeCoordinatorFactory;
import java.io.IOException;

/**
 * Reads the {@code coordination} block: {@code type} chooses the factory, and the other keys are its properties. Stateless
 * and thread-safe.
 */
public final class CoordinationDeserializer extends StdDeserializer<NodeCoordinatorFactory> {

    private static final long serialVersionUID = 1L;

    CoordinationDeserializer() {
        super(NodeCoordinatorFactory.class);
    }

    @Override
    public NodeCoordinatorFactory deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!(context.readTree(parser) instanceof ObjectNode block)) {
            throw new IllegalArgumentException(
                    "must be a block with a type; available: " + CoordinatorFactories.available());
        }
        JsonNode type = block.remove("type");
        if (type == null || !type.isTextual()) {
            throw new IllegalArgumentException("type must be given; available: " + CoordinatorFactories.available());
        }
        return context.readTreeAsValue(
                block, CoordinatorFactories.ofType(type.textValue()).getClass());
    }
}
