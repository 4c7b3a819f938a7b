package io.snowline.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.testing.Backend;
import io.snowline.server.testing.FaultTable;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The wall clock of the servers' machine is set while they run, and between a stop and a restart. Redis and ZooKeeper
 * show a clock of their own, which outvotes it; etcd and the local directory do not, so there a wrong clock may stop
 * the issuing until it is set right.
 */
@Tag("faults")
@ExtendWith(FaultTable.class)
@Timeout(600)
class WallClockIT {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration STARTED = Duration.ofSeconds(60);
    private static final Pattern TIMESTAMP = Pattern.compile("\"timestamp\":\"([^\"]+)\"");

    /** By how much a reading of a clock may be late on a busy machine. */
    private static final double SLACK_MILLIS = 2_000;

    @TempDir
    Path directory;

    private ShiftedClock clock;

    private FaultRun start(String fault, Backend backend) throws Exception {
        return start(fault, backend, Duration.ZERO);
    }

    private FaultRun start(String fault, Backend backend, Duration shift) throws Exception {
        clock = ShiftedClock.in(directory);
        clock.shift(shift);
        String yaml =
                """
                %s
                reservation: {ahead: 8s, renewEvery: 1s, takeoverGrace: 1s}
                generators: {default: {lanes: 2, %s}}
                """
                        .formatted(backend.yaml(), FaultRun.layout(8));
        FaultRun run = FaultRun.of(fault, backend.toString(), directory)
                .severalLanes()
                .environment(clock.environment())
                .start(yaml, yaml);
        // The first windows of a new namespace begin in the future; the lead is worth nothing until they are reached.
        run.pass(Duration.ofSeconds(2));
        run.await("windows that begin in the past", STARTED, () -> leadMillis(run) < 1_000);
        return run;
    }

    private static double leadMillis(FaultRun run) {
        return 1_000
                * Math.max(
                        run.server(0).metric("snowline.lead_seconds.default"),
                        run.server(1).metric("snowline.lead_seconds.default"));
    }

    /** Returns how far IDs, as the server decodes them, are ahead of this process' clock, which is not shifted. */
    private static Duration leadOfIds(FaultRun run) {
        HttpResponse<String> issued = run.server(0).get("/v1/default/id");
        assertThat(issued.statusCode()).as(issued.body()).isEqualTo(200);
        String id = issued.body().replaceAll("[^0-9]", "");
        Matcher decoded =
                TIMESTAMP.matcher(run.server(0).get("/v1/default/ids/" + id).body());
        assertThat(decoded.find()).isTrue();
        return Duration.between(Instant.now(), Instant.parse(decoded.group(1)));
    }

    @Tag("T01")
    @ParameterizedTest
    @ValueSource(strings = {"local"})
    void setBackByFiveSecondsNobodyNotices(String type) throws Exception {
        try (Backend backend = Backend.start(type, directory);
                FaultRun run = start("wall clock back 5 s and right again, running", backend)) {
            clock.shift(Duration.ofSeconds(-5));
            assertThat(leadMillis(run)).isBetween(5_000 - SLACK_MILLIS, 5_000 + SLACK_MILLIS);
            run.pass(Duration.ofSeconds(8));
            clock.shift(Duration.ZERO);
            run.pass(Duration.ofSeconds(2));
            run.finish();
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"redis", "zookeeper", "etcd"})
    void setBackByFiveSecondsNobodyNoticesOnAnyBackend(String type) throws Exception {
        setBackByFiveSecondsNobodyNotices(type);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"redis", "zookeeper"})
    void setBackByAnHourNobodyNoticesWhereTheBackendHasAClock(String type) throws Exception {
        try (Backend backend = Backend.start(type, directory);
                FaultRun run = start("wall clock back 1 h, running", backend)) {
            clock.shift(HOUR.negated());
            assertThat(leadMillis(run)).isBetween(HOUR.toMillis() - SLACK_MILLIS, HOUR.toMillis() + SLACK_MILLIS);
            run.pass(Duration.ofSeconds(20));
            assertThat(leadOfIds(run)).isBetween(Duration.ofSeconds(-3), Duration.ofSeconds(3));
            clock.shift(Duration.ZERO);
            run.pass(Duration.ofSeconds(5));
            run.finish();
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"local", "etcd"})
    void setBackByAnHourItEndsWithTheWindowUntilItIsSetRightWhereTheBackendHasNone(String type) throws Exception {
        try (Backend backend = Backend.start(type, directory);
                FaultRun run = start("wall clock back 1 h, running, then right again", backend)) {
            clock.shift(HOUR.negated());
            assertThat(leadMillis(run)).isBetween(HOUR.toMillis() - SLACK_MILLIS, HOUR.toMillis() + SLACK_MILLIS);
            run.await("the windows to end", Duration.ofSeconds(40), () -> run.refusals(0) > 0 && run.refusals(1) > 0);
            run.pass(Duration.ofSeconds(5));
            clock.shift(Duration.ZERO);
            run.awaitRecovery(Duration.ofSeconds(15));
            run.pass(Duration.ofSeconds(5));
            run.finish("window ahead");
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"redis", "zookeeper"})
    void setForwardByAnHourNobodyNoticesWhereTheBackendHasAClock(String type) throws Exception {
        try (Backend backend = Backend.start(type, directory);
                FaultRun run = start("wall clock forward 1 h and right again, running", backend)) {
            clock.shift(HOUR);
            assertThat(leadMillis(run)).isBetween(-HOUR.toMillis() - SLACK_MILLIS, -HOUR.toMillis() + SLACK_MILLIS);
            run.pass(Duration.ofSeconds(20));
            assertThat(leadOfIds(run)).isBetween(Duration.ofSeconds(-3), Duration.ofSeconds(3));
            clock.shift(Duration.ZERO);
            run.pass(Duration.ofSeconds(5));
            run.finish();
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"local", "etcd"})
    void setForwardByAnHourItIsFollowedAndARestartWithTheRightClockStartsElsewhere(String type) throws Exception {
        try (Backend backend = Backend.start(type, directory);
                FaultRun run = start("wall clock forward 1 h, then restart with it set back", backend)) {
            clock.shift(HOUR);
            run.pass(Duration.ofSeconds(10));
            assertThat(leadOfIds(run)).isBetween(HOUR.minusSeconds(10), HOUR.plusSeconds(10));
            clock.shift(Duration.ZERO);
            for (int i = 0; i < 2; i++) {
                run.server(i).kill();
                run.server(i).restart();
            }
            run.awaitRecovery(STARTED);
            assertThat(leadOfIds(run)).isBetween(Duration.ofSeconds(-3), Duration.ofSeconds(10));
            run.pass(Duration.ofSeconds(5));
            run.finish("window ahead", "starting");
        }
    }

    /** The namespace is two hours old: no window may start before it began. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"local", "etcd"})
    void restartedWithTheClockSetBackByAnHourNoIdIsRepeatedWhereTheBackendHasNone(String type) throws Exception {
        try (Backend backend = Backend.start(type, directory);
                FaultRun run = start("restart with the wall clock set back 1 h", backend, HOUR.multipliedBy(-2))) {
            for (int turn = 0; turn < 2; turn++) {
                clock.shift(Duration.ZERO);
                run.pass(Duration.ofSeconds(3));
                run.server(0).kill();
                clock.shift(HOUR.negated());
                run.server(0).restart();
                run.awaitIds(0, STARTED);
                assertThat(leadOfIds(run))
                        .isBetween(
                                HOUR.negated().minusSeconds(10), HOUR.negated().plusSeconds(30));
                run.server(0).kill();
                clock.shift(Duration.ZERO);
                run.server(0).restart();
                run.awaitRecovery(STARTED);
            }
            run.finish("window ahead", "starting");
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"redis", "zookeeper"})
    void restartedWithTheClockSetBackByAnHourNothingIsIssuedUntilItIsRightWhereTheBackendHasAClock(String type)
            throws Exception {
        try (Backend backend = Backend.start(type, directory);
                FaultRun run = start("restart with the wall clock set back 1 h, then right again", backend)) {
            for (int turn = 0; turn < 3; turn++) {
                run.server(0).kill();
                clock.shift(HOUR.negated());
                run.server(0).restart();
                long refused = run.refusals(0);
                run.await("a refusal", STARTED, () -> run.refusals(0) > refused);
                run.await(
                        "the clock to be named",
                        STARTED,
                        () -> run.server(0).get("/v1/default/id").body().contains("clock"));
                run.pass(Duration.ofSeconds(3));
                clock.shift(Duration.ZERO);
                run.awaitRecovery(Duration.ofSeconds(20));
            }
            run.finish("clocks disagree", "starting");
        }
    }
}
