package io.snowline.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads documents that have nothing but Snowline's blocks. Stateless and thread-safe. */
final class Documents {

    private static final EnvironmentVariables ENVIRONMENT = new EnvironmentVariables(System::getenv);
    private static final YAMLFactory YAML = new YAMLFactory();

    private Documents() {}

    /**
     * Reads a YAML file, and puts environment variables in.
     *
     * @throws InvalidSettingsException if it breaks a rule
     * @throws UncheckedIOException if it cannot be read
     */
    static Blocks read(Path file) {
        String where = file.toString();
        try (JsonParser parser = StrictYaml.parser(YAML.createParser(Files.newInputStream(file)))) {
            ObjectNode document = mapping(Blocks.MAPPER.readTree(parser), where);
            Problems problems = new Problems();
            ENVIRONMENT.fillIn(document, problems);
            InvalidSettingsException.requireNone(where, problems.messages());
            return blocks(document, where);
        } catch (JacksonYAMLParseException e) {
            throw new InvalidSettingsException(where, List.of(StrictYaml.complaint(e)), null);
        } catch (JsonProcessingException e) {
            throw new InvalidSettingsException(
                    where, List.of(StrictYaml.place(e) + ": " + e.getOriginalMessage()), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a map, whose values are taken as they are.
     *
     * @throws InvalidSettingsException if it breaks a rule
     */
    static Blocks read(Map<String, ?> map) {
        return blocks(Blocks.MAPPER.<ObjectNode>valueToTree(map), "The configuration");
    }

    private static ObjectNode mapping(@Nullable JsonNode document, String where) {
        if (document instanceof ObjectNode mapping) {
            return mapping;
        }
        throw new InvalidSettingsException(where, List.of("must be a mapping of keys to values"), null);
    }

    private static Blocks blocks(ObjectNode document, String where) {
        Blocks blocks;
        try {
            blocks = Blocks.read(document);
        } catch (JsonMappingException e) {
            throw new InvalidSettingsException(where, List.of(BindingErrors.message(e)), null);
        }
        blocks.readFrom(where);
        blocks.requireValid();
        return blocks;
    }
}
