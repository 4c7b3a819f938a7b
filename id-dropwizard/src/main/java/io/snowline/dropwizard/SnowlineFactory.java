package io.snowline.dropwizard;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import io.snowline.config.BindingErrors;
import io.snowline.config.Blocks;
import io.snowline.config.Problems;
import java.io.IOException;
import java.util.Optional;

/**
 * The block of a configuration that has Snowline's settings: {@code coordination}, {@code reservation} and
 * {@code generators}, with the keys of the server, except for those of HTTP calls. Without any there is one namespace,
 * {@code default}, on the local coordinator in {@code ./id-data}.
 *
 * <pre>{@code
 * private @Valid @NotNull @JsonProperty SnowlineFactory snowline = new SnowlineFactory();
 * }</pre>
 *
 * <p>An unknown key is a configuration error, with the keys that there are; {@code @Valid} makes all wrong values
 * configuration errors as well. Without it, they end the start.
 *
 * <p>Not thread-safe.
 */
@JsonDeserialize(using = SnowlineFactory.Deserializer.class)
@SelfValidating
public final class SnowlineFactory {

    private final Blocks blocks;
    private final Optional<String> label;

    /** Makes a factory with the default settings. */
    public SnowlineFactory() {
        this(new Blocks(), Optional.empty());
    }

    /**
     * Makes a factory of settings that have been read.
     *
     * @param label this process' name in records, for people; empty for {@code pid@host}
     */
    public SnowlineFactory(Blocks blocks, Optional<String> label) {
        this.blocks = blocks;
        this.label = label;
    }

    Blocks blocks() {
        return blocks;
    }

    Optional<String> label() {
        return label;
    }

    /** Adds what breaks a rule; for Dropwizard's validation. */
    @SelfValidation
    public void check(ViolationCollector violations) {
        Problems problems = new Problems();
        blocks.check(problems);
        problems.messages().forEach(violations::addViolation);
    }

    /** Reads the blocks as they are read everywhere, whatever the application's own mapper is set to. */
    static final class Deserializer extends StdDeserializer<SnowlineFactory> {

        private static final long serialVersionUID = 1L;

        Deserializer() {
            super(SnowlineFactory.class);
        }

        @Override
        public SnowlineFactory deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                return new SnowlineFactory(Blocks.read(context.readTree(parser)), Optional.empty());
            } catch (JsonMappingException e) {
                throw BindingErrors.complaint(e)
                        .map(complaint -> JsonMappingException.from(parser, complaint))
                        .orElse(e);
            }
        }
    }
}
