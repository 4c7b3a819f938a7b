package io.snowline.server.config;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.dropwizard.core.setup.AdminFactory;
import io.snowline.server.access.Token;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Teaches Jackson how this project's YAML is written: durations such as {@code 30s}; unknown keys are refused, nothing
 * is truncated silently, and a key without a value keeps its default. Connectors are this project's own.
 */
final class SettingsModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    private SettingsModule() {
        super("snowline-settings");
        addDeserializer(Duration.class, new DurationDeserializer());
        addDeserializer(AdminFactory.class, new AdminDeserializer());
        addDeserializer(Token.class, new TokenDeserializer());
        registerSubtypes(HttpConnector.class, HttpsConnector.class);
    }

    /** Returns a mapper that reads configurations, and is otherwise configured as another one. */
    static ObjectMapper reader(ObjectMapper base) {
        return base.copy()
                .registerModule(new SettingsModule())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .setDefaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.SKIP));
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

    private static final class DurationDeserializer extends StdScalarDeserializer<Duration> {

        private static final long serialVersionUID = 1L;

        DurationDeserializer() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Durations.parse(parser.getText());
        }
    }
}
