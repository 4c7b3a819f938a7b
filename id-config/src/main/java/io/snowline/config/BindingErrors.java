package io.snowline.config;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.snowline.coordination.support.NearestName;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says in plain words, with the path of the key, what Jackson could not read. Stateless and thread-safe. */
public final class BindingErrors {

    /** Keys of the coordination block by their names before all backends had the same words. */
    private static final Map<String, String> FORMER_NAMES = Map.of(
            "user", "username",
            "connectionTimeout", "connectTimeout",
            "trustStore", "tls.trustStore",
            "trustStorePassword", "tls.trustStorePassword",
            "keyStore", "tls.keyStore",
            "keyStorePassword", "tls.keyStorePassword",
            "verifyHostname", "tls.verifyHostname");

    private BindingErrors() {}

    /**
     * Says what a setter or a deserializer complained about, or that a key has another name now.
     *
     * @return empty if it was neither
     */
    public static Optional<String> complaint(JsonMappingException e) {
        String key = path(e);
        if (e instanceof UnrecognizedPropertyException unknown) {
            String name = unknown.getPropertyName();
            return Optional.ofNullable(FORMER_NAMES.get(name))
                    .filter(now -> key.equals("coordination." + name))
                    .map(now -> "%s is called coordination.%s now".formatted(key, now));
        }
        return e instanceof InvalidFormatException
                ? Optional.empty()
                : cause(e).map(complaint -> key + ": " + complaint.getMessage());
    }

    /** Returns what was complained about; empty if Jackson itself complains. */
    private static Optional<IllegalArgumentException> cause(JsonMappingException e) {
        @Nullable Throwable cause = e.getCause();
        while (cause != null && !(cause instanceof IllegalArgumentException)) {
            cause = cause.getCause();
        }
        return Optional.ofNullable((IllegalArgumentException) cause);
    }

    /** Says what is wrong, whatever it is, without the value, which may be a secret. */
    static String message(JsonMappingException e) {
        return complaint(e).orElseGet(() -> {
            if (e instanceof UnrecognizedPropertyException unknown) {
                return unknown(unknown);
            }
            if (e instanceof MismatchedInputException wrong && wrong.getTargetType() != null) {
                return "%s: must be of type %s, but is not"
                        .formatted(path(e), wrong.getTargetType().getSimpleName());
            }
            return path(e).isEmpty() ? e.getOriginalMessage() : path(e) + ": " + e.getOriginalMessage();
        });
    }

    private static String unknown(UnrecognizedPropertyException e) {
        String key = path(e);
        String parent = key.substring(0, key.length() - e.getPropertyName().length());
        return "unknown key " + key
                + NearestName.of(
                                e.getPropertyName(),
                                Objects.requireNonNull(e.getKnownPropertyIds()).stream()
                                        .map(String::valueOf)
                                        .toList())
                        .map(meant -> ", did you mean " + parent + meant + "?")
                        .orElse("");
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }
}
