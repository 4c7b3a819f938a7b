package io.snowline.coordination.local;

import static io.snowline.coordination.local.Samples.NAMESPACE;
import static io.snowline.coordination.local.Samples.mark;
import static io.snowline.coordination.local.Samples.open;
import static io.snowline.coordination.local.Samples.raise;
import static io.snowline.coordination.local.Samples.raiseAlone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.support.RecordSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalCoordinatorTest {

    @TempDir
    Path temporary;

    private Path directory;
    private NodeCoordinator coordinator;

    @BeforeEach
    void openIt() {
        directory = temporary.resolve("deep").resolve("id-data");
        coordinator = open(directory);
    }

    @Test
    void readingANewNamespaceLeavesNoTrace() {
        StoreView view = coordinator.read(NAMESPACE);

        assertThat(view.namespace()).isEmpty();
        assertThat(view.nodes()).isEmpty();
        assertThat(view.identity()).isEmpty();
        assertThat(view.time()).isEmpty();
        assertThat(temporary.resolve("deep")).doesNotExist();
    }

    @Test
    void recordsOutliveTheCoordinator() {
        raiseAlone(coordinator, 7, 100);
        StoreView before = raiseAlone(coordinator, 11, 200);
        coordinator.close();

        StoreView after = open(directory).read(NAMESPACE);

        assertThat(after.namespace()).isEqualTo(before.namespace());
        assertThat(after.nodes()).hasSize(2);
        assertThat(mark(after, 7)).isEqualTo(100);
        assertThat(after.node(11)).isEqualTo(before.node(11));
    }

    /**
     * Otherwise a step that was prepared before a namespace was created would apply again once that namespace is
     * deleted.
     */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void c11_aTraceIsNeverNewerThanTheRecordsOfItsView() throws IOException, InterruptedException {
        NodeCoordinator other = open(temporary.resolve("other"));
        raiseAlone(other, 7, 100);
        Path made = temporary.resolve("other").resolve(NAMESPACE).resolve("records.txt");
        byte[] trace = Files.readAllBytes(temporary.resolve("other.traces").resolve(NAMESPACE + ".txt"));
        Path pipe = Files.createDirectories(temporary.resolve("deep/id-data.traces"))
                .resolve(NAMESPACE + ".txt");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        CompletableFuture<StoreView> view = CompletableFuture.supplyAsync(() -> coordinator.read(NAMESPACE));
        try (OutputStream reader = Files.newOutputStream(pipe, StandardOpenOption.WRITE)) { // waits for a reader
            Files.createDirectories(recordsFile().getParent());
            Files.copy(made, recordsFile());
            reader.write(trace);
        }

        assertThat(view.join().trace().kind()).isEqualTo(Trace.Kind.LEFT);
        assertThat(view.join().namespace()).isPresent();
    }

    @Test
    void thisBackendIsTheMachineWithoutLedger() {
        assertThat(coordinator.scope()).isEqualTo(NodeCoordinator.Scope.MACHINE);
        assertThat(coordinator.ledger(NAMESPACE)).isEmpty();
        assertThat(coordinator.advisories()).isEmpty();
        assertThat(coordinator).hasToString("local directory " + directory);
    }

    @Test
    void aFileThatWasCutOffAnywhereIsRefusedAndKept() throws IOException {
        raiseAlone(coordinator, 7, 100);
        byte[] whole = Files.readAllBytes(recordsFile());
        for (int length = 0; length < whole.length; length++) {
            assertRefusedAndKept(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void aFileWithAnyByteChangedIsRefusedAndKept() throws IOException {
        raiseAlone(coordinator, 7, 100);
        byte[] whole = Files.readAllBytes(recordsFile());
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            assertRefusedAndKept(changed);
        }
    }

    @Test
    void aFileWithMoreAtItsEndIsRefusedAndKept() throws IOException {
        raiseAlone(coordinator, 7, 100);
        byte[] whole = Files.readAllBytes(recordsFile());
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        longer[whole.length] = '\n';
        assertRefusedAndKept(longer);
    }

    @Test
    void aForeignFileIsRefusedAndKept() throws IOException {
        Files.createDirectories(recordsFile().getParent());
        assertRefusedAndKept("dear diary\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFileOfAnotherNamespaceIsRefusedAndKept() throws IOException {
        raiseAlone(coordinator, 7, 100);
        Path other = directory.resolve("Orders");
        Files.createDirectories(other);
        Files.copy(recordsFile(), other.resolve("records.txt"));

        assertThatThrownBy(() -> coordinator.read("Orders"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining(other.resolve("records.txt").toString())
                .hasMessageContaining("namespace=Orders");
    }

    @Test
    void aNodeIdThatIsThereTwiceIsRefused() throws IOException {
        String line = Samples.nodeRecord(7, 1).encode();
        Files.createDirectories(recordsFile().getParent());
        Files.write(
                recordsFile(), CheckedText.seal("snowline-records 1 namespace=" + NAMESPACE, List.of("", line, line)));

        assertThatThrownBy(() -> coordinator.read(NAMESPACE))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("node id 7 is there twice");
    }

    @Test
    void aDeletedDirectoryIsANewNamespace() throws IOException {
        StoreView before = raiseAlone(coordinator, 7, 100);
        delete(directory);

        assertThat(raise(coordinator, before, 7, 200).applied()).isFalse();
        assertThat(coordinator.read(NAMESPACE).namespace()).isEmpty();
        assertThat(mark(raiseAlone(coordinator, 7, 300), 7)).isEqualTo(300);
    }

    @Test
    void aDirectoryThatIsDeletedDuringAStepIsNotWrittenTo() throws IOException {
        raiseAlone(coordinator, 7, 100);
        NamespaceDirectory files = new NamespaceDirectory(directory, NAMESPACE, Duration.ofSeconds(30));

        assertThatThrownBy(() -> files.alone(held -> {
                    RecordSet records = files.read();
                    delete(directory);
                    raiseAlone(coordinator, 7, 5); // on the new lock file, as another process would
                    files.write(records, held);
                    return records;
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was deleted or replaced during a step");
        assertThat(mark(coordinator.read(NAMESPACE), 7)).isEqualTo(5);
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsUnavailable() throws IOException {
        StoreView nothing = coordinator.read(NAMESPACE);
        Files.createFile(temporary.resolve("deep"));

        assertThatThrownBy(() -> raise(coordinator, nothing, 7, 200))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(directory.toString())
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void whatACrashLeftHalfWrittenIsOfNoValue() throws IOException {
        StoreView before = raiseAlone(coordinator, 7, 100);
        Files.writeString(recordsFile().resolveSibling("records.txt.tmp"), "snowline-records 1 name");

        assertThat(mark(coordinator.read(NAMESPACE), 7)).isEqualTo(100);
        assertThat(raise(coordinator, before, 7, 200).applied()).isTrue();
    }

    @Test
    void namesThatCouldLeaveTheDirectoryAreRefused() {
        for (String name : new String[] {"..", ".", "a/b", "", "a\\b"}) {
            assertThatThrownBy(() -> coordinator.read(name), name).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> coordinator.lock(name, "x"), name).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> coordinator.lock(NAMESPACE, "../x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anInterruptedThreadGetsAnAnswerAndStaysInterrupted() {
        StoreView before = raiseAlone(coordinator, 7, 100);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> raise(coordinator, before, 7, 200))
                    .isInstanceOf(CoordinatorUnavailableException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(raise(coordinator, coordinator.read(NAMESPACE), 7, 300).applied())
                .isTrue();
    }

    private void assertRefusedAndKept(byte[] content) throws IOException {
        Files.write(recordsFile(), content);
        assertThatThrownBy(() -> coordinator.read(NAMESPACE), "%d bytes", content.length)
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining(recordsFile().toString());
        assertThatThrownBy(
                        () -> raise(coordinator, open(temporary.resolve("new")).read(NAMESPACE), 7, 5))
                .isInstanceOf(UnreadableRecordException.class);
        assertThat(recordsFile()).hasBinaryContent(content);
    }

    private Path recordsFile() {
        return directory.resolve(NAMESPACE).resolve("records.txt");
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
