package io.snowline.coordination.tck;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.coordination.local.LocalCoordinators;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract kit; each of its tests has a directory of its own. */
@Execution(ExecutionMode.CONCURRENT)
class LocalContractTest extends NodeCoordinatorContract {

    @TempDir
    private Path temporary;

    private Path directory() {
        return temporary.resolve("id-data");
    }

    private Path aside() {
        return temporary.resolve("id-data.aside");
    }

    @Override
    protected NodeCoordinator open() {
        LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
        factory.setDirectory(directory().toString());
        return factory.open();
    }

    /** Each file operation counts as a request. */
    @Override
    protected NodeCoordinator openHeld(Runnable beforeEachRequest) {
        return LocalCoordinators.open(new HeldFiles(beforeEachRequest).wrap(directory()));
    }

    @Override
    protected Set<Feature> features() {
        return Set.of(Feature.TRACE);
    }

    /** A file in its place makes a directory unusable, also for root. */
    @Override
    protected void stop() throws IOException {
        Files.move(directory(), aside());
        Files.createFile(directory());
    }

    @Override
    protected void start() throws IOException {
        Files.delete(directory());
        Files.move(aside(), directory());
    }

    /** Moves it away, which happens at one moment: a step that goes on meanwhile may write a file into it. */
    @Override
    protected void deleteNamespace(String namespace) throws IOException {
        Path away = Files.createTempDirectory(directory().getParent(), "deleted-");
        Files.move(directory().resolve(namespace), away.resolve(namespace));
    }

    @Override
    protected Supplier<String> spoilNamespaceRecord(String namespace) throws IOException {
        Path records = directory().resolve(namespace).resolve("records.txt");
        String whole = Files.readString(records);
        Files.writeString(records, whole.substring(0, whole.length() - 1));
        return () -> text(records);
    }

    @Override
    protected Supplier<String> spoilNodeRecord(String namespace, int node) throws IOException {
        return spoilNamespaceRecord(namespace);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
