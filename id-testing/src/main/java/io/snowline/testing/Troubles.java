package io.snowline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The table "what goes wrong, what is said, what to do" of a page of the documentation. Thread-safe.
 *
 * @param page such as {@code redis.md}
 */
public record Troubles(String page) {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final String LEFT_OUT = "…";
    private static final int SAID = 2;

    /**
     * Makes sure that the table has a message, in which {@code …} stands for anything.
     *
     * @throws AssertionError if it has not
     */
    public void requireTold(String message) {
        List<String> said = said();
        if (said.stream().noneMatch(text -> fits(text, message))) {
            throw new AssertionError(
                    "docs/%s must have a row that fits '%s'; it has %s".formatted(page, message, said));
        }
    }

    private static boolean fits(String text, String message) {
        int from = 0;
        for (String part : text.split(LEFT_OUT, -1)) {
            int found = message.indexOf(part.strip(), from);
            if (found < 0) {
                return false;
            }
            from = found + part.strip().length();
        }
        return true;
    }

    private List<String> said() {
        try {
            return Files.readAllLines(Path.of("..", "docs", page)).stream()
                    .filter(line -> line.startsWith("| "))
                    .map(line -> line.split("(?<!\\\\)\\|"))
                    .filter(cells -> cells.length == SAID + 2)
                    .flatMap(cells -> CODE.matcher(cells[SAID]).results().map(found -> found.group(1)
                            .replace("\\|", "|")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
