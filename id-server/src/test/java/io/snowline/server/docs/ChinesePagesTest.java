package io.snowline.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.server.docs.MarkdownPage.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Chinese pages have the headings, the code and the tables of the English ones. */
class ChinesePagesTest {

    private static final String CHINESE = "docs/zh";

    /** An English page, its translation, and the sections that are not translated. */
    private record Pair(String english, String chinese, Set<String> leftOut) {
        @Override
        public String toString() {
            return chinese;
        }
    }

    static List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        pairs.add(new Pair("README.md", "README.zh-CN.md", Set.of()));
        pairs.add(new Pair("docs/library.md", CHINESE + "/library.md", Set.of()));
        pairs.add(new Pair(
                "docs/safety.md",
                CHINESE + "/safety.md",
                Set.of(
                        "Simulation",
                        "The model",
                        "Every path at small bounds",
                        "Concurrency checkers",
                        "Faults on real processes",
                        "Peers' bugs")));
        MarkdownPage.in(CHINESE + "/migrate")
                .forEach(chinese -> pairs.add(new Pair(chinese.replace(CHINESE, "docs"), chinese, Set.of())));
        return pairs;
    }

    /** Returns the pages that are in Chinese only. */
    static List<String> alone() {
        Set<String> translations = pairs().stream().map(Pair::chinese).collect(Collectors.toSet());
        return MarkdownPage.in(CHINESE).stream()
                .filter(page -> !translations.contains(page))
                .toList();
    }

    static Stream<String> all() {
        return Stream.of(
                        pairs().stream().map(Pair::chinese),
                        alone().stream(),
                        MarkdownPage.in("docs/migrate").stream(),
                        Stream.of("README.md"))
                .flatMap(pages -> pages);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aTranslationHasTheShapeOfItsPage(Pair pair) {
        MarkdownPage english = MarkdownPage.of(pair.english());
        List<Part> expected = english.parts(pair.leftOut());

        assertThat(expected).hasSizeGreaterThan(10);
        assertThat(difference(MarkdownPage.of(pair.chinese()).parts(Set.of()), expected))
                .isEmpty();
        pair.leftOut().forEach(section -> assertThat(english.lines()).contains("## " + section));
    }

    /** Code that is in no English page is followed by no one when it has to change. */
    @ParameterizedTest
    @MethodSource("alone")
    void codeOfAPageInChineseOnlyIsInAnEnglishPageToo(String page) {
        Set<String> known = englishPages()
                .flatMap(name -> MarkdownPage.of(name).code().stream())
                .map(Part::shape)
                .collect(Collectors.toSet());

        assertThat(MarkdownPage.of(page).code())
                .filteredOn(line -> !known.contains(line.shape()))
                .isEmpty();
    }

    private static Stream<String> englishPages() {
        return Stream.of(List.of("README.md"), MarkdownPage.in("docs"), MarkdownPage.in("docs/migrate"))
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("all")
    void linksLeadSomewhere(String page) {
        assertThat(MarkdownPage.of(page).brokenLinks()).isEmpty();
    }

    @Test
    void eachReadmeLinksToTheOtherInItsFirstLine() {
        assertThat(MarkdownPage.of("README.md").lines().get(0)).contains("](README.zh-CN.md)");
        assertThat(MarkdownPage.of("README.zh-CN.md").lines().get(0)).contains("](README.md)");
    }

    @Test
    void aDifferenceIsToldWithFileAndLine() {
        MarkdownPage english = page("a.md", "# A", "", "| a | b |", "|---|---|", "```yaml", "a: 1 # one", "```");

        assertThat(difference(page("b.md", "text", "## B"), english))
                .contains("b.md:2: heading of level 2, but a.md:1: heading of level 1");
        assertThat(difference(page("b.md", "# 甲", "| 甲 | 乙 | 丙 |"), english))
                .contains("b.md:2: row of 3 columns, but a.md:3: row of 2 columns");
        assertThat(difference(page("b.md", "# 甲", "| 甲 | 乙 |", "|---|---|", "```yaml", "a: 2", "```"), english))
                .contains("b.md:5: code a: 2, but a.md:6: code a: 1");
        assertThat(difference(page("b.md", "# 甲", "| 甲 | 乙 |"), english))
                .contains("b.md ends, but a.md:4: row of 2 columns");
        assertThat(difference(
                        page("b.md", "# 甲", "| `\\|` | 乙 |", "|---|---|", "```yaml", "a: 1  # 一", "```"), english))
                .isEmpty();
        assertThat(difference(page("b.md", "```text", "-> 甲", "```"), page("a.md", "```text", "--> one", "```")))
                .contains("b.md:2: code ->, but a.md:2: code -->");
    }

    private static MarkdownPage page(String name, String... lines) {
        return new MarkdownPage(name, List.of(lines));
    }

    private static Optional<String> difference(MarkdownPage chinese, MarkdownPage english) {
        return difference(chinese.parts(Set.of()), english.parts(Set.of()));
    }

    /** Returns where two pages part. */
    private static Optional<String> difference(List<Part> chinese, List<Part> english) {
        for (int i = 0; i < Math.max(chinese.size(), english.size()); i++) {
            if (i >= chinese.size()) {
                return Optional.of(chinese.get(0).page() + " ends, but " + english.get(i));
            } else if (i >= english.size()) {
                return Optional.of(chinese.get(i) + ", but " + english.get(0).page() + " ends");
            } else if (!chinese.get(i).shape().equals(english.get(i).shape())) {
                return Optional.of(chinese.get(i) + ", but " + english.get(i));
            }
        }
        return Optional.empty();
    }
}
