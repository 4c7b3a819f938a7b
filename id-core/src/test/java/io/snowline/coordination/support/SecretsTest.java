package io.snowline.coordination.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    @TempDir
    private Path directory;

    private String file(String content) throws IOException {
        return Files.writeString(directory.resolve("password"), content).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3 cret", "s3 cret\n", "s3 cret\r\n"})
    void aPasswordIsReadWithoutTheEndOfItsLine(String content) throws IOException {
        assertThat(Secrets.read("password", null, file(content))).isEqualTo("s3 cret");
    }

    @Test
    void onlyTheLastEndOfALineIsLeftOut() throws IOException {
        assertThat(Secrets.read("password", null, file("\ns3\ncret\n\n"))).isEqualTo("\ns3\ncret\n");
    }

    @Test
    void aPasswordThatIsGivenIsTaken() {
        assertThat(Secrets.read("password", "s3cret", null)).isEqualTo("s3cret");
        assertThat(Secrets.read("password", null, null)).isNull();
    }

    @Test
    void whatCannotBeReadIsNamedAndNotShown() throws IOException {
        String file = file("\n");
        assertThatThrownBy(() -> Secrets.read("password", null, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("passwordFile must hold the password, got '%s', which is empty".formatted(file));
        String missing = directory.resolve("missing").toString();
        assertThatThrownBy(() -> Secrets.read("password", null, missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("passwordFile must be a text file that this process may read, got '%s': NoSuchFileException"
                        .formatted(missing));
        Files.write(Path.of(file), new byte[] {(byte) 0xFF, 's'});
        assertThatThrownBy(() -> Secrets.read("password", null, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("MalformedInputException");
        assertThatThrownBy(() -> Secrets.read("password", "s3cret", file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("only one of password and passwordFile must be set, got both");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h:1/2, redis://h:1/2",
        "redis://u:p@h, redis://u:***@h",
        "redis://:p@h, redis://:***@h",
        "redis://u@h, redis://***@h",
        "u:p@h, ***@h"
    })
    void masksShowEverythingButThePassword(String uri, String masked) {
        assertThat(Secrets.maskLogin(uri)).isEqualTo(masked);
    }
}
