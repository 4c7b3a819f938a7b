package io.snowline.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The problems of a configuration, one message each, naming the path in the YAML. Not thread-safe. */
public final class Problems {

    private final String path;
    private final List<String> messages;

    /** Makes an empty list, at the top. */
    public Problems() {
        this("", new ArrayList<>());
    }

    private Problems(String path, List<String> messages) {
        this.path = path;
        this.messages = messages;
    }

    /** Returns a view of this list for what is below a key. */
    public Problems at(String key) {
        return new Problems(path.isEmpty() ? key : path + "." + key, messages);
    }

    /** Returns a view of this list for an element of a list. */
    public Problems at(int index) {
        return new Problems(path + "[" + index + "]", messages);
    }

    /** Adds a problem at this path. */
    public void add(String message) {
        messages.add(path.isEmpty() ? message : path + ": " + message);
    }

    /** Adds a problem at this path unless a rule is kept. */
    public void require(boolean kept, String message) {
        if (!kept) {
            add(message);
        }
    }

    /** Returns the result of a check; empty after adding what it complains about. */
    public <T> Optional<T> attempt(Supplier<T> check) {
        try {
            return Optional.of(check.get());
        } catch (IllegalArgumentException e) {
            add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Returns all messages so far, of every path. */
    public List<String> messages() {
        return List.copyOf(messages);
    }
}
