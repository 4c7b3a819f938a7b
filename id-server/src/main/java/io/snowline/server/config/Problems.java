package io.snowline.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A list of what is wrong with a configuration, one message each, naming the path in the YAML. Not safe for use by many
 * threads.
 */
final class Problems {

    private final String path;
    private final List<String> messages;

    Problems() {
        this("", new ArrayList<>());
    }

    private Problems(String path, List<String> messages) {
        this.path = path;
        this.messages = messages;
    }

    /** Returns a view of this list for what lies below a key. */
    Problems at(String key) {
        return new Problems(path.isEmpty() ? key : path + "." + key, messages);
    }

    /** Adds a problem of this path. */
    void add(String message) {
        messages.add(path.isEmpty() ? message : path + ": " + message);
    }

    /** Adds a problem of this path unless a rule is kept. */
    void require(boolean kept, String message) {
        if (!kept) {
            add(message);
        }
    }

    /** Returns what a check gives, or nothing after adding what it complains about. */
    <T> Optional<T> attempt(Supplier<T> check) {
        try {
            return Optional.of(check.get());
        } catch (IllegalArgumentException e) {
            add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Returns all messages so far, of every path. */
    List<String> messages() {
        return List.copyOf(messages);
    }
}
