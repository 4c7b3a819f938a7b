package io.snowline.server.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a file of tokens: one per line, without empty lines and those that begin with {@code #}. */
public final class TokensFile {

    private static final long LARGEST = 1 << 20;

    private TokensFile() {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it cannot be read, has no token, or one that breaks a rule; the message names
     *     the file and the line's number, and nothing of what the file holds
     */
    public static List<Token> read(Path file) {
        List<String> lines = lines(file);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                tokens.add(token(line, file, i + 1));
            }
        }
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException("the file must have at least one token, got '%s'".formatted(file));
        }
        return tokens;
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IllegalArgumentException(
                        "the file must have at most %s bytes, got '%s'".formatted(LARGEST, file));
            }
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the file must be a text file that this process may read, got '%s': %s"
                            .formatted(file, e.getClass().getSimpleName()),
                    e);
        }
    }

    private static Token token(String line, Path file, int number) {
        try {
            return Token.parse(line);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s, line %s: %s".formatted(file, number, e.getMessage()), e);
        }
    }
}
