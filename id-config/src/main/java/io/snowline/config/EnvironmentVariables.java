package io.snowline.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.commons.text.StringSubstitutor;
import org.jspecify.annotations.Nullable;

/**
 * Puts environment variables into a YAML that has been parsed: <code>${NAME}</code> or <code>${NAME:-default}</code> in
 * a value, and <code>$${NAME}</code> for that text itself. What a variable contains stays as it is: it is text, not YAML,
 * and is not filled in again.
 *
 * <p>Thread-safe.
 */
public final class EnvironmentVariables {

    private final Function<String, @Nullable String> environment;

    /** @param environment the value of a variable; null if it is not defined */
    public EnvironmentVariables(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** Fills in a block; a variable that is neither defined nor has a default is a problem. */
    public void fillIn(ObjectNode block, Problems problems) {
        block.properties().forEach(entry -> entry.setValue(filled(entry.getValue(), problems.at(entry.getKey()))));
    }

    private JsonNode filled(JsonNode value, Problems problems) {
        if (value instanceof ObjectNode block) {
            fillIn(block, problems);
        } else if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, filled(list.get(i), problems.at(i)));
            }
        } else if (value.isTextual() && value.textValue().contains("${")) {
            return TextNode.valueOf(replaced(value.textValue(), problems));
        }
        return value;
    }

    private String replaced(String text, Problems problems) {
        AtomicReference<String> asked = new AtomicReference<>("");
        StringSubstitutor substitutor = new StringSubstitutor(name -> {
            asked.set(name);
            return environment.apply(name);
        });
        try {
            return substitutor
                    .setDisableSubstitutionInValues(true)
                    .setEnableUndefinedVariableException(true)
                    .replace(text);
        } catch (IllegalArgumentException e) {
            String name = asked.get();
            problems.add("environment variable %s must be defined or have a default, as in ${%s:-default}"
                    .formatted(name, name));
            return text;
        }
    }
}
