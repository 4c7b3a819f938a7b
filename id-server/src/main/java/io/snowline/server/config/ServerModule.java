package io.snowline.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.dropwizard.core.setup.AdminFactory;
import io.snowline.server.access.Token;
import java.io.IOException;
import java.util.Map;

/** Teaches Jackson what only the server's YAML has: more keys of administration, tokens, and connectors of our own. */
final class ServerModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    ServerModule() {
        super("snowline-server");
        addDeserializer(AdminFactory.class, new AdminDeserializer());
        addDeserializer(Token.class, new TokenDeserializer());
        registerSubtypes(HttpConnector.class, HttpsConnector.class);
    }

    /** Reads Dropwizard's block into this project's, which has more keys. */
    private static final class AdminDeserializer extends StdDeserializer<AdminFactory> {

        private static final long serialVersionUID = 1L;

        AdminDeserializer() {
            super(AdminFactory.class);
        }

        @Override
        public AdminFactory deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return context.readValue(parser, AdminConfiguration.class);
        }
    }

    /** Reads a token: a text, or a block of one key, which is its name. */
    private static final class TokenDeserializer extends StdDeserializer<Token> {

        private static final long serialVersionUID = 1L;

        TokenDeserializer() {
            super(Token.class);
        }

        @Override
        public Token deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode node = context.readTree(parser);
            if (node.isObject() && node.size() == 1) {
                Map.Entry<String, JsonNode> entry = node.properties().iterator().next();
                return Token.named(entry.getKey(), entry.getValue().asText());
            }
            if (!node.isTextual()) {
                throw new IllegalArgumentException("each must be a token, or one with its name: 'billing: <token>'");
            }
            return Token.parse(node.textValue());
        }
    }
}
