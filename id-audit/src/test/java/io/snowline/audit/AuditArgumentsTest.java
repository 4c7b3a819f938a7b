package io.snowline.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.id.IdLayout;
import java.time.Duration;
import java.time.Instant;
import net.sourceforge.argparse4j.ArgumentParsers;
import net.sourceforge.argparse4j.inf.ArgumentParser;
import net.sourceforge.argparse4j.inf.Subparser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options for the IDs of other systems. */
class AuditArgumentsTest {

    private static final IdLayout CONFIGURED = IdLayout.javaScriptSafe(IdLayout.DEFAULT_EPOCH);

    @Test
    void withoutOptionsTheConfiguredLayoutStays() throws Exception {
        assertThat(apply("")).isEqualTo(CONFIGURED);
    }

    @Test
    void eachOptionTakesThePlaceOfWhatIsConfigured() throws Exception {
        assertThat(apply(" --layout 28/22/13 --tick 1s --epoch 2016-05-20T00:00:00Z"))
                .isEqualTo(new IdLayout(28, 22, 13, Duration.ofSeconds(1), Instant.parse("2016-05-20T00:00:00Z")));
        assertThat(apply(" --epoch 1288834974657").epoch()).isEqualTo(Instant.parse("2010-11-04T01:42:54.657Z"));
        assertThat(apply(" --tick PT0.01S")).isEqualTo(CONFIGURED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--layout 41/10 | --layout must be three numbers of bits such as 41/10/12, got '41/10'",
                "--layout 41/10/12@1ms | --layout must be three numbers of bits such as 41/10/12, got '41/10/12@1ms'",
                "--layout 42/10/12 | timestampBits + nodeBits + sequenceBits must be at most 63, got 42 + 10 + 12 = 64",
                "--tick soon | --tick must be a duration such as 1ms or 1s, got 'soon'",
                "--tick 2d | tick must be from 1 ms to 1 h",
                "--epoch yesterday | --epoch must be an instant such as 2026-11-23T08:00:00Z, got 'yesterday'",
                "--epoch +99999-01-01T00:00:00Z | --epoch must be from 0000-01-01T00:00:00Z to 9999-12-31T23:59:59Z"
            })
    void whatCannotBeReadIsNamed(String options, String message) {
        assertThatThrownBy(() -> apply(" " + options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static IdLayout apply(String options) throws Exception {
        ArgumentParser parser = ArgumentParsers.newFor("snowline").build();
        Subparser subparser = parser.addSubparsers().addParser("audit");
        AuditArguments.addTo(subparser);
        return AuditArguments.audit(parser.parseArgs(("audit" + options + " ids.txt").split(" ")), CONFIGURED)
                .layout();
    }
}
