package io.snowline.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * The code of this module with a few places changed: the sources are read, changed, compiled in memory, and loaded next
 * to the real classes, together with a simulation of their own.
 */
public final class PlantedCode extends ClassLoader {

    private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src/main/java/io/snowline");
    private static final String OURS = "io.snowline.";
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /**
     * What the compiler reads of the JDK and the class path, which takes longer than to compile. One for each thread,
     * to the end of the JVM.
     */
    private static final ThreadLocal<StandardJavaFileManager> FILES = ThreadLocal.withInitial(PlantedCode::files);

    /** A change of one place in one file; white space in it stands for any white space. */
    public record Change(String file, String from, String to) {

        String apply(String source) {
            String pattern =
                    Stream.of(from.strip().split("\\s+")).map(Pattern::quote).collect(Collectors.joining("\\s+"));
            Matcher matcher = Pattern.compile(pattern).matcher(source);
            if (!matcher.find()) {
                throw new IllegalStateException("nothing to change in " + file + ", it has no: " + from);
            }
            String changed = source.substring(0, matcher.start()) + to + source.substring(matcher.end());
            if (matcher.find()) {
                throw new IllegalStateException("not one place to change in " + file + ", but several: " + from);
            }
            return changed;
        }
    }

    private final Map<String, byte[]> changed;

    public PlantedCode(List<Change> changes) {
        super(PlantedCode.class.getClassLoader());
        changed = compile(sources(changes));
    }

    /** Runs seeds on the changed code until one fails, as {@link Simulation#firstFailure}. */
    String[] firstFailure(long first, long from, long count) {
        return (String[]) call(Simulation.class.getName(), "firstFailure", first, from, count, Mistake.NONE.name());
    }

    /** Calls the one static method of this name, in the class of this name that runs on the changed code. */
    public Object call(String className, String method, Object... arguments) {
        try {
            Method called = Stream.of(loadClass(className).getDeclaredMethods())
                    .filter(candidate -> candidate.getName().equals(method))
                    .findFirst()
                    .orElseThrow();
            called.setAccessible(true);
            return called.invoke(null, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the changed code could not be run", e);
        }
    }

    /** Writes the changed classes below a directory, as they lie on a class path; returns the directory. */
    public Path writeTo(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> code : changed.entrySet()) {
            Path file = directory.resolve(code.getKey().replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, code.getValue());
        }
        return directory;
    }

    // ---- loading ----

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            return name.startsWith(OURS) ? define(name) : super.loadClass(name, resolve);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] code = changed.containsKey(name) ? changed.get(name) : original(name);
        return defineClass(name, code, 0, code.length);
    }

    private byte[] original(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    // ---- changing and compiling ----

    private static Map<String, String> sources(List<Change> changes) {
        Map<String, String> sources = new HashMap<>();
        for (Change change : changes) {
            sources.merge(change.file(), change.apply(read(change.file(), sources)), (old, now) -> now);
        }
        return sources;
    }

    private static String read(String file, Map<String, String> changedBefore) {
        try {
            return changedBefore.containsKey(file) ? changedBefore.get(file) : Files.readString(SOURCES.resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException("no source to change", e);
        }
    }

    private static Map<String, byte[]> compile(Map<String, String> sources) {
        StringWriter complaints = new StringWriter();
        Map<String, byte[]> classes = new HashMap<>();
        List<JavaFileObject> files = new ArrayList<>();
        sources.forEach((file, text) -> files.add(new Source(file, text)));
        List<String> options = List.of("-proc:none", "-nowarn", "-implicit:none");
        boolean compiled = COMPILER.getTask(complaints, new Outputs(FILES.get(), classes), null, options, null, files)
                .call();
        if (!compiled) {
            throw new IllegalStateException("the changed code does not compile: " + complaints);
        }
        return classes;
    }

    private static StandardJavaFileManager files() {
        StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, null);
        try {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, ClassPath.ofSimulation());
        } catch (IOException e) {
            throw new IllegalStateException("no class path to compile on", e);
        }
        return files;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///io/snowline/" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Outputs extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, byte[]> classes;

        Outputs(JavaFileManager delegate, Map<String, byte[]> classes) {
            super(delegate);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            classes.put(className, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
