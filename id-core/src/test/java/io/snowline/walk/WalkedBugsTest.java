package io.snowline.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.simulated.Comparison.Omission;
import io.snowline.simulated.WithoutLog;
import io.snowline.simulation.PlantedBug;
import io.snowline.simulation.PlantedCode;
import io.snowline.simulation.PlantedCode.Change;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the walk: the mistakes that it must see, each in the walk that must see it. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(WithoutLog.class)
class WalkedBugsTest {

    private static final int SHOWN = 110;
    private static final StringBuilder TABLE =
            new StringBuilder("%n%-66s | %-18s | %s%n".formatted("planted bug", "walk", "what was seen"));

    private record Planted(String name, Walk walk, List<Change> changes, Set<Omission> omissions) {

        /** A mistake in the real code that the simulation plants as well. */
        static Planted known(String name, Walk walk) {
            PlantedBug bug = PlantedBug.ALL.stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no planted bug is called: " + name));
            return new Planted(name, walk, bug.changes(), Set.of());
        }

        String whatIsSeen() {
            String omitted = omissions.stream().map(Omission::name).collect(Collectors.joining(","));
            if (changes.isEmpty()) {
                return Walk.firstFailure(walk.name(), omitted);
            }
            PlantedCode code = new PlantedCode(changes);
            return String.valueOf(code.call(Walk.class.getName(), "firstFailure", walk.name(), omitted));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Planted> bugs() {
        return Stream.of(
                new Planted(
                        "a store writes blindly",
                        Walk.TAKE_OVER,
                        List.of(),
                        Set.of(Omission.NAMESPACE_RECORD, Omission.NODE_RECORD)),
                new Planted(
                        "the floor leaves out ahead",
                        Walk.FORGETFUL_STORE,
                        List.of(new Change(
                                "lease/NamespaceAgreement.java",
                                "+ ahead.toMillis() + guard.toMillis()",
                                "+ guard.toMillis()")),
                        Set.of()),
                new Planted(
                        "a namespace made anew passes for the old one",
                        Walk.DELETED_IN_USE,
                        List.of(),
                        Set.of(Omission.CONTENT)),
                new Planted("a trace is not compared", Walk.DELETED_WHEN_NEW, List.of(), Set.of(Omission.TRACE)),
                Planted.known("a namespace that was deleted is taken for a new one", Walk.DELETED_IN_USE),
                Planted.known("the floor after a loss is now", Walk.DELETED_CLOCKLESS),
                Planted.known("an owner starts at its own clock", Walk.TAKE_OVER),
                Planted.known("an owner renews what it has lost", Walk.TAKE_OVER),
                Planted.known("a request that timed out is taken for granted", Walk.LOST_AND_REPEATED),
                Planted.known("a window is used to its end, whatever the backend's clock said", Walk.TAKE_OVER),
                Planted.known("a clock that goes back takes the sequence along", Walk.TAKE_OVER),
                Planted.known("a node id that was lost and acquired again extends the old window", Walk.REGAIN),
                Planted.known("a batch crosses the end of its window", Walk.REGAIN),
                Planted.known("a node id is given back without a seal", Walk.RELEASE),
                Planted.known("a node id is given back at the tick that was stamped last", Walk.RELEASE),
                Planted.known("a lane is sealed in name only", Walk.RELEASE),
                Planted.known("a stamp is compared with the end, and claimed some time later", Walk.RELEASE),
                Planted.known("a renewal is allowed to start below the floor", Walk.FORGETFUL_STORE),
                Planted.known("a backend with another identity is believed", Walk.FORGETFUL_STORE),
                Planted.known("recorded mode takes a refused step for granted", Walk.RECORDED),
                Planted.known("recorded mode starts at its own clock", Walk.RECORDED_FORGETFUL));
    }

    @AfterAll
    static void printTable() {
        System.out.println(TABLE);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void aPlantedBugIsSeen(Planted bug) {
        String seen = bug.whatIsSeen();
        String first = seen.lines().findFirst().orElse("NOTHING").replace("java.lang.AssertionError: ", "");
        String shown = first.length() <= SHOWN ? first : first.substring(0, SHOWN) + "…";
        TABLE.append("%-66s | %-18s | %s%n".formatted(bug.name, bug.walk, shown));
        assertThat(seen).as("what the walk %s shows of: %s", bug.walk, bug).contains("after the choices");
    }
}
