package io.snowline.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Requires passwords and tokens to be texts, in every block. To YAML, {@code 0123} is the number 83 and {@code ~} is
 * nothing: a secret that is not in quotes would silently be another one, or none.
 *
 * <p>Stateless and thread-safe.
 */
public final class SecretKeys {

    private static final Pattern SECRET = Pattern.compile("(?i).*(password|token|tokens)");

    private SecretKeys() {}

    /** Adds a problem for each secret that is no text, without showing it. */
    public static void check(JsonNode node, Problems problems) {
        if (node instanceof ObjectNode block) {
            block.properties().forEach(entry -> {
                Problems below = problems.at(entry.getKey());
                // A key with a block may be a name that a user chose, of a namespace or a logger.
                if (SECRET.matcher(entry.getKey()).matches()
                        && !entry.getValue().isObject()) {
                    requireText(entry.getValue(), below);
                } else {
                    check(entry.getValue(), below);
                }
            });
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                check(list.get(i), problems.at(i));
            }
        }
    }

    private static void requireText(JsonNode value, Problems problems) {
        if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                requireText(list.get(i), problems.at(i));
            }
        } else if (value instanceof ObjectNode named) {
            named.elements().forEachRemaining(element -> requireText(element, problems));
        } else {
            problems.require(
                    value.isTextual() && !value.textValue().isEmpty(),
                    "must be a text, in quotes where YAML would take it for something else, got "
                            + (value.isTextual()
                                    ? "an empty one"
                                    : value.getNodeType().name().toLowerCase(Locale.ROOT)));
        }
    }
}
