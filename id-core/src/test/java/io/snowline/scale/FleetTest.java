package io.snowline.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.simulated.WithoutLog;
import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What many processes cost one store, and how long they take to recover together. The figures of docs/scale.md were
 * measured with {@code -Dsnowline.scale.processes=10000}.
 */
@ExtendWith(WithoutLog.class)
class FleetTest {

    private static final int PROCESSES = Integer.getInteger("snowline.scale.processes", 300);
    private static final QueuedStore.Speed SPEED =
            Boolean.getBoolean("snowline.scale.onDisk") ? QueuedStore.Speed.ON_DISK : QueuedStore.Speed.IN_MEMORY;
    private static final int PLENTY = Math.max(2048, PROCESSES * 8 / 5);
    private static final int SCARCE = PROCESSES + PROCESSES / 50;
    private static final Duration LAPSE = Duration.ofSeconds(40);

    private Fleet fleet = new Fleet(SPEED, PLENTY);
    private Load load = fleet.store().load();

    @AfterEach
    void nobodyIssuesTheSameId() {
        assertThat(fleet.differentIds()).isEqualTo(PROCESSES);
    }

    @Test
    void allStartAtOnceInANewNamespaceAndHaveTheirNodeIdsSoonAfterTheGuard() {
        fleet.start(PROCESSES);
        Duration took = recovered("all start at once, new namespace");
        assertThat(took).isLessThan(Duration.ofSeconds(10));
        assertThat(load.conflicts()).as("conflicts").isLessThan(PROCESSES * 4L);
        assertThat(load.recordsRead()).as("records read").isLessThan(PROCESSES * 10L);
    }

    @Test
    void aFleetThatIsLeftAloneWritesOncePerProcessAndRenewalAndReadsNothing() {
        settled(PLENTY);
        fleet.run(Duration.ofMinutes(2));
        recovered("two minutes, nothing happens");
        assertThat(load.writes()).as("writes").isCloseTo(PROCESSES * 40L, Percentage.withPercentage(2));
        assertThat(load.peakWritesPerSecond()).as("peak of writes").isLessThan(PROCESSES / 2);
        assertThat(load.reads()).as("reads").isZero();
        assertThat(load.conflicts()).as("conflicts").isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRollingRestartIsOneReadAndTwoWritesForEach(boolean sameLabels) {
        settled(PLENTY);
        fleet.restartAll(Math.max(1, PROCESSES / 100), sameLabels);
        Duration took = recovered("rolling restart in 100 s, " + labels(sameLabels));
        assertThat(took).isLessThan(Duration.ofSeconds(2));
        assertThat(load.reads()).as("reads").isLessThan(PROCESSES * 11L / 10);
        assertThat(load.recordsRead()).as("records read").isLessThan(PROCESSES * 110L);
        assertThat(load.peakWritesPerSecond()).as("peak of writes").isLessThan(PROCESSES / 2);
    }

    @Test
    void afterAMinutesOutageAllRenewWithinSecondsAndEachReadsItsOwnRecordAlone() {
        settled(PLENTY);
        fleet.store().up(false);
        fleet.run(Duration.ofMinutes(1));
        fleet.store().up(true);
        load = fleet.store().measure();
        Duration took = recovered("store away for a minute");
        assertThat(took).isLessThan(Duration.ofSeconds(5));
        assertThat(load.recordsRead()).as("records read").isLessThan(PROCESSES * 2L);
        assertThat(load.conflicts()).as("conflicts").isZero();
        assertThat(load.peakWritesPerSecond()).as("peak of writes").isLessThanOrEqualTo(PROCESSES);
    }

    @Test
    void renewalsDoNotStayInStepAfterAnOutage() {
        settled(PLENTY);
        fleet.store().up(false);
        fleet.run(Duration.ofMinutes(1));
        fleet.store().up(true);
        fleet.run(Duration.ofSeconds(30));
        load = fleet.store().measure();
        fleet.run(Duration.ofSeconds(30));
        recovered("half a minute after that");
        assertThat(load.peakWritesPerSecond()).as("peak of writes").isLessThan(PROCESSES / 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aThirdThatCrashedIsBackWithinSeconds(boolean sameLabels) {
        settled(PLENTY);
        fleet.crash(PROCESSES / 3);
        fleet.run(Duration.ofSeconds(5));
        fleet.replace(PROCESSES / 3, sameLabels);
        Duration took = recovered("a third crashes, " + labels(sameLabels));
        assertThat(took).isLessThan(Duration.ofSeconds(20));
        assertThat(load.conflicts()).as("conflicts").isLessThan(PROCESSES * 2L);
    }

    @Test
    void aThirdThatCrashedWithNoNodeIdToSpareIsBackSoonAfterTheirsLapse() {
        settled(SCARCE);
        fleet.crash(PROCESSES / 3);
        fleet.run(Duration.ofSeconds(5));
        fleet.replace(PROCESSES / 3, false);
        Duration took = recovered("a third crashes, no node id to spare");
        assertThat(took).isLessThan(LAPSE.plusSeconds(20));
        assertThat(load.conflicts()).as("conflicts").isLessThan(PROCESSES * 4L);
    }

    @Test
    void manyThatStartWhereOnlyLapsedNodeIdsAreFreeDoNotAllWantTheLowestMark() {
        settled(SCARCE);
        fleet.crash(PROCESSES / 3);
        fleet.run(LAPSE.plusSeconds(10));
        fleet.replace(PROCESSES / 3, false);
        Duration took = recovered("a third starts where only lapsed node ids are free");
        assertThat(took).isLessThan(Duration.ofSeconds(20));
        assertThat(load.conflicts()).as("conflicts").isLessThan(PROCESSES * 4L);
    }

    @Test
    void allThatWereKilledAtOnceAreBackSoonAfterTheirNodeIdsLapse() {
        settled(PLENTY);
        fleet.crash(PROCESSES);
        fleet.replace(PROCESSES, true);
        Duration took = recovered("kill -9 of all, all start at once");
        assertThat(took).isLessThan(LAPSE.plusSeconds(20));
        assertThat(load.conflicts()).as("conflicts").isLessThan(PROCESSES * 10L);
    }

    private static String labels(boolean same) {
        return (same ? "same" : "new") + " labels";
    }

    private void settled(int nodeIds) {
        fleet = new Fleet(SPEED, nodeIds);
        fleet.start(PROCESSES);
        fleet.untilAllIssue();
        fleet.run(LAPSE);
        load = fleet.store().measure();
    }

    private Duration recovered(String what) {
        Duration took = fleet.untilAllIssue();
        System.out.printf("%,d processes, %s: %.1f s, %s%n", PROCESSES, what, took.toMillis() / 1e3, load);
        return took;
    }
}
