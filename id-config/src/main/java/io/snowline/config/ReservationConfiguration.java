package io.snowline.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.snowline.coordination.ReservationSettings;
import java.time.Duration;

/**
 * The {@code reservation} block: how far ahead windows reach.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>ahead</td><td>30s</td><td>how far beyond the present a window may end, and so how long IDs are issued without
 *   the coordinator; at least twice renewEvery, at most a day</td></tr>
 * <tr><td>renewEvery</td><td>3s</td><td>how often a window is extended, give or take a fifth</td></tr>
 * <tr><td>takeoverGrace</td><td>10s</td><td>how long after its window's end a node id still counts as held; at most a
 *   day</td></tr>
 * <tr><td>guard</td><td>1s</td><td>by how much the clocks of the backend's servers may disagree; at most ten times
 *   ahead, and a day</td></tr>
 * <tr><td>maxClockSkew</td><td>10s</td><td>by how much this machine's clock and the backend's may differ at start;
 *   at most a day</td></tr>
 * </table>
 *
 * <p>Not thread-safe.
 */
public final class ReservationConfiguration {

    @JsonProperty
    private Duration ahead = ReservationSettings.DEFAULT.ahead();

    @JsonProperty
    private Duration renewEvery = ReservationSettings.DEFAULT.renewEvery();

    @JsonProperty
    private Duration takeoverGrace = ReservationSettings.DEFAULT.takeoverGrace();

    @JsonProperty
    private Duration guard = ReservationSettings.DEFAULT.guard();

    @JsonProperty
    private Duration maxClockSkew = ReservationSettings.DEFAULT.maxClockSkew();

    /**
     * Returns the settings.
     *
     * @throws IllegalArgumentException if they break a rule
     */
    ReservationSettings settings() {
        return new ReservationSettings(ahead, renewEvery, takeoverGrace, guard, maxClockSkew);
    }
}
