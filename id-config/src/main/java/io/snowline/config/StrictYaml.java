package io.snowline.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** YAML that says what it means. Stateless and thread-safe. */
public final class StrictYaml {

    private StrictYaml() {}

    /**
     * Returns a parser that refuses whatever the YAML library would silently alter: of a key given twice it drops the
     * first, of {@code *text} the asterisk, and of {@code !text} everything.
     */
    public static JsonParser parser(JsonParser lenient) {
        return new JsonParserDelegate(lenient.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)) {
            @Override
            public @Nullable JsonToken nextToken() throws IOException {
                JsonToken token = super.nextToken();
                if (delegate instanceof YAMLParser yaml && (yaml.isCurrentAlias() || yaml.getTypeId() != null)) {
                    throw new JacksonYAMLParseException(this, "an alias or a tag", null);
                }
                return token;
            }
        };
    }

    /** Tells where YAML breaks off; the parser's own message shows the line, in which a secret may stand. */
    public static String complaint(JacksonYAMLParseException e) {
        return place(e) + ": malformed YAML; a text with special characters must be in quotes";
    }

    static String place(JsonProcessingException e) {
        return "line %s, column %s"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    }
}
