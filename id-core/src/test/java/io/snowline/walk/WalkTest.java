package io.snowline.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs every walk; {@code -Dsnowline.walk.depth=1} or more lets more happen in each, which takes much longer. */
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WalkTest {

    private static final int MORE = Integer.getInteger("snowline.walk.depth", 0);
    private static final Logger LOG = Logger.getLogger("io.snowline");

    @BeforeAll
    static void keepTheLogOfThousandsOfProcessesOut() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void letTheLogInAgain() {
        LOG.setLevel(null);
    }

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
            return walk.walk(MORE, seen);
        } catch (WalkFailure failure) {
            throw new AssertionError(
                    "walk %s fails; replay it with -Dtest=WalkTest -Dsnowline.walk.depth=%d -Dsnowline.walk.replay=%s:%s%n%s"
                            .formatted(walk, MORE, walk, WalkFailure.text(failure.choices()), failure.getMessage()),
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
        Walk.valueOf(given[0]).replay(MORE, WalkFailure.parse(given[1])).forEach(System.out::println);
    }
}
