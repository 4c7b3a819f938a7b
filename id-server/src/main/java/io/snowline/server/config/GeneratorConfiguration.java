package io.snowline.server.config;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.snowline.config.NamespaceConfiguration;
import io.snowline.config.NamespaceSettings;
import io.snowline.config.Problems;
import io.snowline.server.access.Token;
import io.snowline.server.access.TokenSettings;
import io.snowline.server.access.TokensFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the {@code generators} block; its key is the namespace. Besides those of every generator, it has the keys of
 * the HTTP calls.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>maxBatch</td><td>10000</td><td>the most IDs that one request may ask for</td></tr>
 * <tr><td>maxRange</td><td>65536</td><td>the most positions in one range</td></tr>
 * <tr><td>rangeGoodFor</td><td>1s</td><td>after this time, clients drop what is left of a range</td></tr>
 * <tr><td>tokens</td><td>none</td><td>if set, a request needs {@code Authorization: Bearer} and one of them; each is a
 *   text, or a name with one</td></tr>
 * <tr><td>tokensFile</td><td>none</td><td>a file that has them, one per line, instead; read again while the server
 *   runs</td></tr>
 * </table>
 *
 * <p>Not thread-safe.
 */
final class GeneratorConfiguration extends NamespaceConfiguration {

    private static final int LARGEST_BATCH = 1_000_000;
    private static final int LARGEST_RANGE = 1 << 20;
    private static final Duration LONGEST_GOOD_FOR = Duration.ofHours(1);

    @JsonProperty
    private int maxBatch = 10_000;

    @JsonProperty
    private int maxRange = 65_536;

    @JsonProperty
    private Duration rangeGoodFor = Duration.ofSeconds(1);

    @JsonProperty
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
    private List<Token> tokens = List.of();

    @JsonProperty
    private @Nullable String tokensFile;

    /** Adds what breaks a rule of the HTTP calls. */
    void check(Problems problems) {
        problems.require(
                maxBatch >= 1 && maxBatch <= LARGEST_BATCH,
                "maxBatch must be from 1 to %s, got %s".formatted(LARGEST_BATCH, maxBatch));
        problems.require(
                maxRange >= 1 && maxRange <= LARGEST_RANGE,
                "maxRange must be from 1 to %s, got %s".formatted(LARGEST_RANGE, maxRange));
        checkDuration("rangeGoodFor", rangeGoodFor, LONGEST_GOOD_FOR, problems);
        problems.attempt(this::tokens);
    }

    /**
     * Returns the settings, with those that every generator has.
     *
     * @throws IllegalArgumentException if the file of tokens cannot be read now
     */
    GeneratorSettings settings(NamespaceSettings common) {
        return new GeneratorSettings(common, maxBatch, maxRange, rangeGoodFor, tokens());
    }

    private TokenSettings tokens() {
        if (tokensFile == null) {
            return new TokenSettings(tokens, Optional.empty());
        }
        if (!tokens.isEmpty()) {
            throw new IllegalArgumentException("only one of tokens and tokensFile must be set, got both");
        }
        try {
            Path file = Path.of(tokensFile);
            return new TokenSettings(TokensFile.read(file), Optional.of(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tokensFile: " + e.getMessage(), e);
        }
    }
}
