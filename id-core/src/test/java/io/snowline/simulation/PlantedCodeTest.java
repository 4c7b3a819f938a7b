package io.snowline.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.simulation.PlantedCode.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlantedCodeTest {

    @Test
    void aChangeIsMadeWhateverTheWhiteSpace() {
        Change change = new Change("One.java", "a( b, c)", "d()");
        assertThat(change.apply("x; a(\n    b,   c); y")).isEqualTo("x; d(); y");
    }

    @Test
    void aChangeThatFitsNowhereOrTwiceIsRefused() {
        Change change = new Change("One.java", "a()", "b()");
        assertThatThrownBy(() -> change.apply("c()")).hasMessage("nothing to change in One.java, it has no: a()");
        assertThatThrownBy(() -> change.apply("a(); a()"))
                .hasMessage("not one place to change in One.java, but several: a()");
    }

    @Test
    void changedCodeThatDoesNotCompileIsNoCatch() {
        Change change = new Change("lease/Window.java", "return node;", "return nod;");
        assertThatThrownBy(() -> new PlantedCode(List.of(change)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not compile")
                .hasMessageContaining("nod");
    }
}
