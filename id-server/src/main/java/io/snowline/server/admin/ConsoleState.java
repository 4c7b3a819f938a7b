package io.snowline.server.admin;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.snowline.id.IdLayout;
import io.snowline.server.config.GeneratorSettings;
import java.util.List;

/**
 * What the console shows of this server that does not change while it runs.
 *
 * <p>Immutable and thread-safe.
 *
 * @param label this server's name for humans; empty if it has none
 * @param backend the type of the backend, such as {@code redis}
 * @param coordinator the backend and where it is
 * @param url the address of the application, without a slash at the end
 * @param aheadSeconds how far ahead windows reach
 * @param namespaces the namespaces, in the order of the configuration
 */
@JsonPropertyOrder({"label", "backend", "coordinator", "url", "aheadSeconds", "namespaces"})
public record ConsoleState(
        String label, String backend, String coordinator, String url, double aheadSeconds, List<Namespace> namespaces) {

    public ConsoleState {
        namespaces = List.copyOf(namespaces);
    }

    /**
     * A namespace, without its tokens.
     *
     * @param name the namespace
     * @param mode {@code leased} or {@code recorded}
     * @param layout the layout without its epoch
     * @param timestampBits bits of the timestamp
     * @param nodeBits bits of the node id
     * @param sequenceBits bits of the sequence
     * @param tickMillis the length of a tick in milliseconds
     * @param epoch the instant of tick 0
     * @param lanes how many node ids are held
     * @param guarded whether requests need a token
     */
    @JsonPropertyOrder({
        "name",
        "mode",
        "layout",
        "timestampBits",
        "nodeBits",
        "sequenceBits",
        "tickMillis",
        "epoch",
        "lanes",
        "guarded"
    })
    public record Namespace(
            String name,
            String mode,
            String layout,
            int timestampBits,
            int nodeBits,
            int sequenceBits,
            long tickMillis,
            String epoch,
            int lanes,
            boolean guarded) {

        /** Describes a namespace. */
        public static Namespace of(GeneratorSettings settings) {
            IdLayout layout = settings.layout();
            return new Namespace(
                    settings.namespace(),
                    settings.mode().text(),
                    layout.descriptor(),
                    layout.timestampBits(),
                    layout.nodeBits(),
                    layout.sequenceBits(),
                    layout.tick().toMillis(),
                    layout.epoch().toString(),
                    settings.common().lanes(),
                    settings.tokens().guarded());
        }
    }
}
