package io.snowline.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LiveTokensTest {

    private static final String FIRST = "first-of-the-tokens";
    private static final String SECOND = "second-of-the-tokens";

    private final Logger logger = (Logger) LoggerFactory.getLogger(LiveTokens.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    private Path file;

    @BeforeEach
    void listen(@TempDir Path directory) throws IOException {
        file = Files.writeString(directory.resolve("tokens"), FIRST);
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private LiveTokens tokens(String namespace) {
        return new LiveTokens(namespace, new TokenSettings(TokensFile.read(file), Optional.of(file)));
    }

    private static boolean open(LiveTokens tokens, String token) {
        return tokens.now().stream().anyMatch(known -> known.matches(Token.sha256(token)));
    }

    private List<String> messages(String namespace) {
        return log.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.contains("'" + namespace + "'"))
                .toList();
    }

    @Test
    void anotherFileBringsOtherTokens() throws IOException {
        LiveTokens tokens = tokens("rotated");
        tokens.refresh();
        assertThat(messages("rotated")).as("nothing has changed").isEmpty();

        Files.writeString(file, "# since Monday\n\n billing: " + SECOND + "\n");
        tokens.refresh();

        assertThat(open(tokens, FIRST)).isFalse();
        assertThat(open(tokens, SECOND)).isTrue();
        assertThat(tokens.now().get(0).name()).isEqualTo("billing");
        assertThat(messages("rotated")).hasSize(1).allMatch(message -> message.contains("has other tokens now, 1 in"));
    }

    @Test
    void aFileBehindAnotherSymbolicLinkIsNoticed() throws IOException {
        Path mounted = Files.createSymbolicLink(file.resolveSibling("mounted"), file);
        LiveTokens tokens = new LiveTokens("linked", new TokenSettings(TokensFile.read(mounted), Optional.of(mounted)));
        Path next = Files.writeString(file.resolveSibling("next"), SECOND);
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));

        Files.delete(mounted);
        Files.createSymbolicLink(mounted, next);
        tokens.refresh();

        assertThat(open(tokens, SECOND)).isTrue();
    }

    @Test
    void aBrokenFileChangesNothingAndIsToldOnce() throws IOException {
        LiveTokens tokens = tokens("broken");
        Files.writeString(file, SECOND + "\nbilling: hush-s3cret hush-s3cret\n");
        tokens.refresh();
        tokens.refresh();
        assertThat(open(tokens, FIRST)).isTrue();
        assertThat(open(tokens, SECOND)).isFalse();
        assertThat(messages("broken"))
                .hasSize(1)
                .allMatch(message -> message.contains("line 2: each must be 8 to 256"));

        Files.delete(file);
        tokens.refresh();
        tokens.refresh();
        assertThat(open(tokens, FIRST)).isTrue();
        assertThat(messages("broken")).hasSize(2).noneMatch(message -> message.contains("s3cret"));

        Files.writeString(file, SECOND);
        tokens.refresh();
        assertThat(open(tokens, SECOND)).isTrue();
        assertThat(messages("broken")).hasSize(3);
    }

    @Test
    void anEmptyFileDoesNotOpenTheNamespace() throws IOException {
        LiveTokens tokens = tokens("emptied");
        Files.writeString(file, "# nothing but this\n");
        tokens.refresh();

        assertThat(open(tokens, FIRST)).isTrue();
        assertThat(tokens.now()).hasSize(1);
    }
}
