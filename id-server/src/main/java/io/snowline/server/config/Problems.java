package io.snowline.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The problems of a configuration, one message each, naming the path in the YAML. Not thread-safe. */
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

    /** Returns a view of this list for what is below a key. */
    Problems at(String key) {
        return new Problems(path.isEmpty() ? key : path + "." + key, messages);
    }

    /** Returns a view of this list for an element of a list. */
    Problems at(int index) {
        return new Problems(path + "[" + index + "]", messages);
    }

    /** Adds a problem at this path. */
    void add(String message) {
        messages.add(path.isEmpty() ? message : path + ": " + message);
    }

    /** Adds a problem at this path unless a rule is kept. */
    void require(boolean kept, String message) {
        if (!kept) {
            add(message);
        }
    }

    /** Returns the result of a check; empty after adding what it complains about. */
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
