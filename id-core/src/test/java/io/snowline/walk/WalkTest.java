package io.snowline.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.simulated.WithoutLog;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs every walk, in its short form unless {@code -Dsnowline.walk.depth=0} is given; 1 or more lets more happen in
 * each, which takes much longer.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(WithoutLog.class)
class WalkTest {

    @Tag("T09")
    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void noPathIssuesAnIdTwiceOrOutsideAWindow(Walk walk) {
        Set<String> seen = new TreeSet<>();
        long begin = System.nanoTime();
        Explorer.Tally tally = walk(walk, seen);
        System.out.printf(
                "walk %s: %,d paths, %,d places, up to %d steps, %.1f s; seen: %s%n",
                walk, tally.paths(), tally.states(), tally.longest(), (System.nanoTime() - begin) / 1e9, seen);
        assertThat(seen).containsAll(walk.expected());
    }

    private static Explorer.Tally walk(Walk walk, Set<String> seen) {
        try {
            return walk.walk(seen);
        } catch (WalkFailure failure) {
            throw new AssertionError(
                    "walk %s fails; replay it with -Dtest=WalkTest -Dsnowline.walk.depth=%d -Dsnowline.walk.replay=%s:%s%n%s"
                            .formatted(
                                    walk, Walk.DEPTH, walk, WalkFailure.text(failure.choices()), failure.getMessage()),
                    failure);
        }
    }

    /**
     * For use by hand: walks one path, given as {@code -Dsnowline.walk.replay=WALK:choices}, and prints what happens.
     */
    @Test
    @EnabledIfSystemProperty(named = "snowline.walk.replay", matches = ".+")
    void theGivenPathIsWalkedAgain() {
        String[] given = System.getProperty("snowline.walk.replay").split(":", 2);
        Walk.valueOf(given[0]).replay(WalkFailure.parse(given[1])).forEach(System.out::println);
    }
}
