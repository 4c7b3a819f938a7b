package io.snowline.server.access;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where the tokens of a namespace come from.
 *
 * <p>Immutable and thread-safe.
 *
 * @param listed those in the configuration, or in the file when the configuration was read
 * @param file the file that has them, one per line; it is read again while the server runs
 */
public record TokenSettings(List<Token> listed, Optional<Path> file) {

    /** No tokens: every client may ask. */
    public static final TokenSettings NONE = new TokenSettings(List.of(), Optional.empty());

    public TokenSettings {
        listed = List.copyOf(listed);
    }

    /** Tells whether a client needs a token. */
    public boolean guarded() {
        return !listed.isEmpty();
    }

    /** Describes for people who may ask, without any token. */
    @Override
    public String toString() {
        String names = listed.stream()
                .map(Token::name)
                .filter(name -> !name.isEmpty())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return switch (listed.size()) {
                    case 0 -> "open to every client";
                    case 1 -> "guarded by a token";
                    default -> "guarded by %s tokens".formatted(Integer.toString(listed.size()));
                }
                + file.map(path -> " in " + path).orElse("")
                + (names.isEmpty() ? "" : ", named " + names);
    }
}
