package io.snowline.coordination.tck;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.DirectoryStream.Filter;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The file system of this machine, with a task run before each operation, and after each file that is opened. Its paths are
 * unlike those of the default file system, so that two coordinators share nothing but the files, as two processes do.
 */
final class HeldFiles extends FileSystem {

    private final FileSystem real = FileSystems.getDefault();
    private final Runnable before;
    private final Provider provider = new Provider();

    HeldFiles(Runnable before) {
        this.before = before;
    }

    /** Returns a path of the default file system as a path of this one. */
    Path wrap(Path path) {
        return (Path) Proxy.newProxyInstance(
                HeldFiles.class.getClassLoader(), new Class<?>[] {Path.class}, new HeldPath(path));
    }

    private static Path real(Path path) {
        return (Path) unwrap(path);
    }

    private static Object unwrap(Object value) {
        return value instanceof Proxy && Proxy.getInvocationHandler(value) instanceof HeldPath held ? held.path : value;
    }

    private final class HeldPath implements InvocationHandler {

        private final Path path;

        HeldPath(Path path) {
            this.path = path;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
            Object[] given = args == null ? new Object[0] : args;
            return switch (method.getName()) {
                case "getFileSystem" -> HeldFiles.this;
                case "equals" -> unwrap(given[0]) != given[0] && path.equals(unwrap(given[0]));
                case "toRealPath" -> {
                    before.run();
                    yield delegate(method, given);
                }
                default -> delegate(method, given);
            };
        }

        private @Nullable Object delegate(Method method, Object[] given) throws Throwable {
            try {
                Object[] own = Stream.of(given).map(HeldFiles::unwrap).toArray();
                Object result = method.invoke(path, own);
                return result instanceof Path another ? wrap(another) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return real.isReadOnly();
    }

    @Override
    public String getSeparator() {
        return real.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return wrapped(real.getRootDirectories()).toList();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return real.getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return real.supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
        return wrap(real.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher matcher = real.getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(real(path));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return real.getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }

    private Stream<Path> wrapped(Iterable<Path> paths) {
        return StreamSupport.stream(paths.spliterator(), false).map(this::wrap);
    }

    private final class Provider extends FileSystemProvider {

        private final FileSystemProvider real = FileSystems.getDefault().provider();

        @Override
        public String getScheme() {
            return "held";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            return HeldFiles.this;
        }

        @Override
        public Path getPath(URI uri) {
            return wrap(real.getPath(uri));
        }

        @Override
        public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            before.run();
            FileChannel channel = real.newFileChannel(real(path), options, attributes);
            before.run();
            return channel;
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            before.run();
            SeekableByteChannel channel = real.newByteChannel(real(path), options, attributes);
            before.run();
            return channel;
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(Path directory, Filter<? super Path> filter)
                throws IOException {
            before.run();
            DirectoryStream<Path> entries = real.newDirectoryStream(real(directory), path -> filter.accept(wrap(path)));
            return new DirectoryStream<>() {
                @Override
                public Iterator<Path> iterator() {
                    return wrapped(entries).iterator();
                }

                @Override
                public void close() throws IOException {
                    entries.close();
                }
            };
        }

        @Override
        public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
            before.run();
            real.createDirectory(real(directory), attributes);
        }

        @Override
        public void delete(Path path) throws IOException {
            before.run();
            real.delete(real(path));
        }

        @Override
        public void copy(Path source, Path target, CopyOption... options) throws IOException {
            before.run();
            real.copy(real(source), real(target), options);
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) throws IOException {
            before.run();
            real.move(real(source), real(target), options);
        }

        @Override
        public boolean isSameFile(Path one, Path other) throws IOException {
            before.run();
            return real.isSameFile(real(one), real(other));
        }

        @Override
        public boolean isHidden(Path path) throws IOException {
            before.run();
            return real.isHidden(real(path));
        }

        @Override
        public FileStore getFileStore(Path path) throws IOException {
            before.run();
            return real.getFileStore(real(path));
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            before.run();
            real.checkAccess(real(path), modes);
        }

        @Override
        public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
            return real.getFileAttributeView(real(path), type, options);
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
                throws IOException {
            before.run();
            return real.readAttributes(real(path), type, options);
        }

        @Override
        public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
                throws IOException {
            before.run();
            return real.readAttributes(real(path), attributes, options);
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
            before.run();
            real.setAttribute(real(path), attribute, value, options);
        }

        @Override
        public Path readSymbolicLink(Path link) throws IOException {
            before.run();
            return wrap(real.readSymbolicLink(real(link)));
        }
    }
}
