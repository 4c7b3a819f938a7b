package io.snowline.config;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Teaches Jackson how settings are written: durations such as {@code 30s}; unknown keys are refused, nothing is truncated
 * silently, and a key without a value keeps its default. Not thread-safe until a mapper has it, which then is.
 */
public final class SettingsModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    private SettingsModule() {
        super("snowline-settings");
        addDeserializer(Duration.class, new DurationDeserializer());
        // What a map may have for a text.
        addSerializer(Duration.class, ToStringSerializer.instance);
        addSerializer(Instant.class, ToStringSerializer.instance);
        addSerializer(Path.class, ToStringSerializer.instance);
    }

    /** Returns a mapper that reads settings, and is otherwise configured as another one. */
    public static ObjectMapper reader(ObjectMapper base) {
        return base.copy()
                .registerModule(new SettingsModule())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .setDefaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.SKIP));
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
