package io.snowline.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentVariablesTest {

    private final Problems problems = new Problems();

    private ObjectNode filled(String yaml, Map<String, String> environment) throws IOException {
        ObjectNode root = (ObjectNode) new YAMLMapper().readTree(yaml);
        new EnvironmentVariables(environment::get).fillIn(root, problems);
        return root;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cret #1 long tail",
                "00123456",
                "1_000",
                "0x1F",
                "1e3",
                "yes",
                "null",
                "~",
                "pa\"ss",
                "a\\qb",
                "a\\tb",
                "pa ss: #1",
                "it's",
                "x${HOME}y",
                "x$${HOME}y",
                "x${NOPE}y",
                "]",
                "{",
                "%",
                "@",
                "`",
                "a: b",
                "&x",
                "*x",
                " x "
            })
    void whatAVariableContainsArrivesAsItIs(String secret) throws IOException {
        for (String written : List.of("${X}", "\"${X}\"", "'${X}'", "${X:-}")) {
            assertThat(filled("a:\n  b:\n  - " + written, Map.of("X", secret, "HOME", "h"))
                            .at("/a/b/0")
                            .textValue())
                    .isEqualTo(secret);
        }
        assertThat(problems.messages()).isEmpty();
    }

    @Test
    void aDefaultStandsForAVariableThatIsNotDefined() throws IOException {
        ObjectNode filled = filled("{a: '${X:-redis://h:1}', b: '<${X:-}>', c: '${Y:-z}'}", Map.of("Y", ""));
        assertThat(filled.toString()).isEqualTo("{\"a\":\"redis://h:1\",\"b\":\"<>\",\"c\":\"\"}");
        assertThat(problems.messages()).isEmpty();
    }

    @Test
    void oneThatIsNotDefinedAndHasNoDefaultIsNamedWithItsPath() throws IOException {
        filled("a: {b: [x, '${NOPE:-d} ${NOPE}']}", Map.of());
        assertThat(problems.messages())
                .containsExactly(
                        "a.b[1]: environment variable NOPE must be defined or have a default, as in ${NOPE:-default}");
    }

    @Test
    void otherTextsKeysAndCommentsStayAsTheyAre() throws IOException {
        ObjectNode filled = filled("{a: '$${X} $X {X}', '${X}': 1, c: 5, d: null} # ${NOPE}", Map.of("X", "y"));
        assertThat(filled.toString()).isEqualTo("{\"a\":\"${X} $X {X}\",\"${X}\":1,\"c\":5,\"d\":null}");
        assertThat(problems.messages()).isEmpty();
    }
}
