package io.snowline.server.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, as far as two languages must agree on it: headings, code and tables.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name the path from the root of the repository
 */
record MarkdownPage(String name, List<String> lines) {

    private static final Path ROOT = Path.of("..");
    private static final Pattern HEADING = Pattern.compile("(#+) (.*)");
    private static final Pattern FENCE = Pattern.compile(" *```(\\w*)");
    private static final Pattern COMMENT = Pattern.compile("(^|\\s+)(#|//|--)\\s.*$");
    private static final Pattern UNESCAPED_BAR = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    /** A heading, a line of code, the begin or end of code, or a row of a table. */
    record Part(String page, int line, String shape) {
        @Override
        public String toString() {
            return page + ":" + line + ": " + shape;
        }
    }

    /** A line that begins a part, or is none. */
    private record Numbered(int number, String text, String code) {}

    static MarkdownPage of(String name) {
        try {
            return new MarkdownPage(name, Files.readAllLines(ROOT.resolve(name)));
        } catch (IOException e) {
            throw new IllegalArgumentException(name + " must be a page", e);
        }
    }

    /** Lists the pages of a directory, without those of directories in it. */
    static List<String> in(String directory) {
        try (Stream<Path> files = Files.list(ROOT.resolve(directory))) {
            return files.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(file -> file.endsWith(".md"))
                    .map(file -> directory + "/" + file)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(directory + " must be a directory", e);
        }
    }

    /** Returns what a translation must have too, without the sections under some headings of level 2. */
    List<Part> parts(Set<String> leftOut) {
        List<Part> parts = new ArrayList<>();
        boolean skipped = false;
        for (Numbered line : numbered()) {
            Matcher heading = HEADING.matcher(line.text());
            if (line.code().isEmpty() && heading.matches() && heading.group(1).length() <= 2) {
                skipped = leftOut.contains(heading.group(2));
            }
            String shape = shape(line);
            if (!skipped && !shape.isEmpty()) {
                parts.add(new Part(name, line.number(), shape));
            }
        }
        return parts;
    }

    /** Returns the lines of code without comments and indentation, and without empty ones. */
    List<Part> code() {
        return numbered().stream()
                .filter(line ->
                        !line.code().isEmpty() && !FENCE.matcher(line.text()).matches())
                .map(line -> new Part(
                        name, line.number(), withoutComment(line.text()).strip()))
                .filter(line -> !line.shape().isEmpty())
                .toList();
    }

    /** Returns the links of this page that lead to no file or no heading. */
    List<Part> brokenLinks() {
        return numbered().stream()
                .filter(line -> line.code().isEmpty())
                .flatMap(line -> LINK.matcher(line.text())
                        .results()
                        .map(link -> link.group(1))
                        .filter(target -> !target.startsWith("http") && !leads(target))
                        .map(target -> new Part(name, line.number(), target)))
                .toList();
    }

    private boolean leads(String link) {
        String path = link.replaceFirst("#.*", "");
        String anchor = link.contains("#") ? link.replaceFirst(".*#", "") : "";
        Path file = path.isEmpty()
                ? Path.of(name)
                : Path.of("/" + name).resolveSibling(path).normalize();
        String target = file.toString().replaceFirst("^/", "");
        if (!Files.exists(ROOT.resolve(target))) {
            return false;
        }
        return anchor.isEmpty() || of(target).anchors().contains(anchor);
    }

    /** Returns the names that GitHub gives to the headings. */
    private List<String> anchors() {
        return numbered().stream()
                .filter(line -> line.code().isEmpty())
                .map(line -> HEADING.matcher(line.text()))
                .filter(Matcher::matches)
                .map(heading -> heading.group(2).toLowerCase(Locale.ROOT))
                .map(text -> text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }

    /** Returns the lines, each with the language of the code that it belongs to: empty outside of code. */
    private List<Numbered> numbered() {
        List<Numbered> numbered = new ArrayList<>();
        String code = "";
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            boolean border = fence.matches();
            boolean begins = border && code.isEmpty();
            if (begins) {
                code = fence.group(1).isEmpty() ? "plain" : fence.group(1);
            }
            numbered.add(new Numbered(i + 1, lines.get(i), code));
            code = border && !begins ? "" : code;
        }
        return numbered;
    }

    private static String shape(Numbered line) {
        String text = line.text();
        Matcher heading = HEADING.matcher(text);
        if (!line.code().isEmpty()) {
            return "code " + (line.code().equals("text") ? drawn(text) : withoutComment(text));
        } else if (heading.matches()) {
            return "heading of level " + heading.group(1).length();
        } else if (text.startsWith("|")) {
            return "row of " + (UNESCAPED_BAR.split(text.strip(), -1).length - 2) + " columns";
        }
        return "";
    }

    private static String withoutComment(String code) {
        return COMMENT.matcher(code).replaceFirst("").stripTrailing();
    }

    /** Returns the lines of a drawing without its words. */
    private static String drawn(String text) {
        return FENCE.matcher(text).matches() ? text : text.replaceAll("[^\\[\\]#=|^>/-]", "");
    }
}
