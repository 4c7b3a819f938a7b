package io.snowline.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The blocks of Java in a page of documentation, each of which is one type. Stateless and thread-safe. */
public final class JavaBlocks {

    /** The package of the types. */
    public static final String PACKAGE = "recipes";

    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:public |abstract |final )*(?:class|record|interface) (\\w+)");

    private JavaBlocks() {}

    /** Returns the blocks of a language, in order; at least one. */
    public static List<String> of(String language, String page) {
        List<String> blocks = new ArrayList<>();
        Matcher matcher = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(page);
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        if (blocks.isEmpty()) {
            throw new IllegalStateException("the page must have blocks of " + language + ", has none");
        }
        return blocks;
    }

    /** Returns a part of a page: what is below the heading of second level that is given. */
    public static String section(String heading, String page) {
        return Stream.of(page.split("(?m)^## ", -1))
                .filter(section -> section.startsWith(heading + "\n"))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Compiles blocks against the class path of this JVM.
     *
     * @param directory where sources and classes go
     * @return a loader of the types
     * @throws IllegalStateException if a block does not compile; the message has what the compiler says
     */
    public static ClassLoader compile(List<String> blocks, Path directory) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String block : blocks) {
            Matcher type = TYPE.matcher(block);
            if (!type.find()) {
                throw new IllegalStateException("a block must have a type, but this has none: " + block);
            }
            sources.add(Files.writeString(
                    directory.resolve(type.group(1) + ".java"), "package " + PACKAGE + ";\n" + block));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter out = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(
                            out,
                            files,
                            null,
                            List.of("-proc:none", "-d", directory.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!done) {
                throw new IllegalStateException(out.toString());
            }
        }
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, JavaBlocks.class.getClassLoader());
    }
}
