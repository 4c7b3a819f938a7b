package io.snowline.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.snowline.id.IdLayout;
import java.time.Duration;
import java.time.Instant;

/**
 * The {@code layout} block: how the 63 bits of an ID are divided. Fixed by the namespace's first process.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>timestampBits</td><td>41</td><td>bits of the tick: 2^41 ms are 69 years</td></tr>
 * <tr><td>nodeBits</td><td>10</td><td>bits of the node id: 2^10 generators at a time</td></tr>
 * <tr><td>sequenceBits</td><td>12</td><td>bits of the sequence: 2^12 IDs per tick and node id</td></tr>
 * <tr><td>tick</td><td>1ms</td><td>the length of one tick</td></tr>
 * </table>
 */
final class LayoutConfiguration {

    @JsonProperty
    private int timestampBits = 41;

    @JsonProperty
    private int nodeBits = 10;

    @JsonProperty
    private int sequenceBits = 12;

    @JsonProperty
    private Duration tick = Duration.ofMillis(1);

    /**
     * Returns the layout.
     *
     * @throws IllegalArgumentException if the numbers do not fit together
     */
    IdLayout layout(Instant epoch) {
        return new IdLayout(timestampBits, nodeBits, sequenceBits, tick, epoch);
    }
}
