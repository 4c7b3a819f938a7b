package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import io.snowline.coordination.tck.BrokenCoordinators.Mistake;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** The kit's own test: the kit passes a correct coordinator, and names the rule that each mistake breaks. */
class KitTest {

    /** Most of the kit's time is spent waiting. */
    private static final int AT_A_TIME = 6;

    private static final List<String> CAUGHT = new ArrayList<>();
    private static final ExecutorService THREADS = Executors.newFixedThreadPool(AT_A_TIME);
    private static final Map<Mistake, Future<List<String>>> FAILURES = new HashMap<>();

    @BeforeAll
    static void beginToRunTheMistakes() {
        for (Mistake mistake : BrokenCoordinators.ALL) {
            FAILURES.put(mistake, THREADS.submit(() -> failures(run(testsOf(mistake.rule()), mistake.name()))));
        }
    }

    @AfterAll
    static void printTheTableOfBrokenCoordinators() {
        THREADS.shutdownNow();
        String title = "%n%-60s %-5s %8s  %s%n".formatted("broken coordinator", "rule", "failures", "the rule's words");
        System.out.println(title + String.join(System.lineSeparator(), CAUGHT) + System.lineSeparator());
    }

    @Test
    void anHonestCoordinatorPassesEverything() {
        Events tests = run(List.of(selectClass(MapContractTest.class)), "none");

        assertThat(failures(tests)).isEmpty();
        assertThat(tests.succeeded().count()).isEqualTo(ruleTests().size());
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeFailsByItsRulesNumber(Mistake mistake) throws Exception {
        String broken = mistake.rule();
        List<String> failures = FAILURES.get(mistake).get();

        assertThat(failures)
                .as("failures of %s", mistake)
                .anySatisfy(message -> assertThat(message).startsWith(broken + " "))
                .allSatisfy(message -> assertThat(message).matches("(?s)C([1-9]|10|11) [a-z]+: .+\\n.+"));
        CAUGHT.add(row(mistake, broken, failures));
    }

    private static String row(Mistake mistake, String broken, List<String> failures) {
        String words = failures.stream()
                .filter(message -> message.startsWith(broken + " "))
                .findFirst()
                .flatMap(message -> message.lines().findFirst())
                .orElseThrow();
        return "%-60s %-5s %8d  %s".formatted(mistake, broken, failures.size(), words);
    }

    static List<Mistake> mistakes() {
        return BrokenCoordinators.ALL;
    }

    @Test
    void everyRuleIsBrokenByAMistake() {
        assertThat(mistakes())
                .extracting(Mistake::rule)
                .containsOnly("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C11");
    }

    @Test
    void testsAreFinalAndCarryTheirRulesNumber() {
        Set<String> rules = new TreeSet<>();
        assertThat(ruleTests()).isNotEmpty().allSatisfy(test -> {
            String sentence = test.getAnnotation(DisplayName.class).value();
            assertThat(Modifier.isFinal(test.getModifiers())).as(sentence).isTrue();
            assertThat(sentence).startsWith(groupOf(test) + ": ").doesNotEndWith(".");
            rules.add(sentence.substring(0, sentence.indexOf(' ')));
        });
        assertThat(rules).containsExactlyInAnyOrder("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C11");
    }

    private static String groupOf(Method test) {
        return groups().filter(group -> group.getSuperclass() == test.getDeclaringClass())
                .map(group -> group.getAnnotation(DisplayName.class).value())
                .findAny()
                .orElseThrow();
    }

    private static List<Method> ruleTests() {
        return groups().flatMap(group -> Stream.of(group.getSuperclass().getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .toList();
    }

    private static Stream<Class<?>> groups() {
        return Stream.of(NodeCoordinatorContract.class.getDeclaredClasses());
    }

    private static List<DiscoverySelector> testsOf(String rule) {
        return groups().filter(
                        group -> group.getAnnotation(DisplayName.class).value().startsWith(rule + " "))
                .<DiscoverySelector>map(group -> selectNestedClass(List.of(BrokenContract.class), group))
                .toList();
    }

    private static Events run(List<DiscoverySelector> tests, String mistake) {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .configurationParameter(BrokenContract.MISTAKE, mistake)
                .selectors(tests.toArray(DiscoverySelector[]::new))
                .execute();
        assertThat(results.containerEvents().failed().list())
                .as("containers of %s that failed", mistake)
                .isEmpty();
        assertThat(results.testEvents().succeeded().count()
                        + results.testEvents().failed().count())
                .as("tests of %s that ran: %s", mistake, results.testEvents().list())
                .isPositive();
        return results.testEvents();
    }

    private static List<String> failures(Events tests) {
        return tests.failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .map(result -> result.getThrowable().orElseThrow().getMessage())
                .toList();
    }
}
