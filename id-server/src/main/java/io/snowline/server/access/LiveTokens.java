package io.snowline.server.access;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of a namespace as they are now. A file that has them is read again now and then; while it is broken, the
 * tokens that it had before remain, and the log says so once.
 *
 * <p>Thread-safe.
 */
public final class LiveTokens {

    private static final Logger LOG = LoggerFactory.getLogger(LiveTokens.class);

    private final String namespace;
    private final Optional<Path> file;
    private final @Nullable FileContents contents;
    private volatile List<Token> tokens;

    /** Begins with the tokens of the configuration. */
    public LiveTokens(String namespace, TokenSettings settings) {
        this.namespace = namespace;
        file = settings.file();
        contents = file.map(path -> new FileContents(List.of(path))).orElse(null);
        tokens = settings.listed();
    }

    /** Tells whether there is a file to read again. */
    public boolean changeable() {
        return contents != null;
    }

    /** Returns the tokens; if there are none, every client may ask. */
    List<Token> now() {
        return tokens;
    }

    /** Reads the file again if it has changed. Only one thread may call this at a time. */
    public void refresh() {
        if (contents != null && contents.changed()) {
            file.ifPresent(this::read);
        }
    }

    private void read(Path path) {
        try {
            tokens = List.copyOf(TokensFile.read(path));
            LOG.info("Namespace '{}' has other tokens now, {} in {}", namespace, tokens.size(), path);
        } catch (IllegalArgumentException e) {
            LOG.warn("Namespace '{}' keeps its tokens, {}: {}", namespace, tokens.size(), e.getMessage());
        }
    }
}
