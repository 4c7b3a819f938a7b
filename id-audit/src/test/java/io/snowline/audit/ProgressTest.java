package io.snowline.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdLayout;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {

    private static final int LOOK = 1 << 16;

    private final List<String> lines = new ArrayList<>();
    private long seconds;
    private final Progress progress =
            new Progress(lines::add, () -> Duration.ofSeconds(seconds).toNanos());

    @TempDir
    private Path directory;

    @Test
    void aShortAuditSaysNothing() {
        seconds = 9;
        progress.read(LOOK, 10, 100);
        progress.compared(LOOK, 2 * LOOK);

        assertThat(lines).isEmpty();
    }

    @Test
    void tenSecondsPassBetweenLines() {
        for (seconds = 0; seconds <= 35; seconds++) {
            progress.read(LOOK, seconds, 40);
        }

        assertThat(lines)
                .containsExactly(
                        "65,536 IDs read, 25 % of the input; 30 s more",
                        "65,536 IDs read, 50 % of the input; 20 s more",
                        "65,536 IDs read, 75 % of the input; 10 s more");
    }

    @Test
    void withoutTheSizeOfTheInputOnlyTheNumberIsTold() {
        seconds = 10;
        progress.read(3L * LOOK, 12345, -1);

        assertThat(lines).containsExactly("196,608 IDs read");
    }

    @Test
    void theSpeedOfComparingIsThatSinceItBegan() {
        seconds = 1000;
        progress.begin();
        seconds = 1010;
        progress.compared(LOOK, 100L * LOOK);

        assertThat(lines).containsExactly("65,536 IDs compared, 1 % of all; 16 min more");
    }

    @Test
    void anAuditTellsOfBothParts() throws Exception {
        ByteBuffer ids = ByteBuffer.allocate(2 * LOOK * Long.BYTES);
        for (long id = 0; id < 2 * LOOK; id++) {
            ids.putLong(id << 22);
        }
        Path file = Files.write(directory.resolve("ids"), ids.array());
        // A clock that goes on by a minute whenever it is looked at.
        Progress hasty =
                new Progress(lines::add, () -> Duration.ofMinutes(seconds++).toNanos());
        Audit audit = new Audit(
                IdLayout.classic(IdLayout.DEFAULT_EPOCH), IdEncoding.of("binary"), directory, LOOK, Optional.empty());

        AuditReport report = audit.run(List.of(Input.file(file.toString())), hasty);

        assertThat(report.duplicates()).isZero();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches("65,536 IDs read, [0-9]+ % of the input; .*");
        assertThat(lines.get(1)).isEqualTo("131,072 IDs read, 100 % of the input; 0 s more");
        assertThat(lines.get(3)).isEqualTo("131,072 IDs compared, 100 % of all; 0 s more");

        lines.clear();
        Input pipe = new Input("a pipe", () -> new ByteArrayInputStream(ids.array()));
        audit.run(List.of(Input.file(file.toString()), pipe), hasty);
        assertThat(lines.get(0)).isEqualTo("65,536 IDs read");
    }
}
