package io.snowline.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.id.IdGenerator;
import io.snowline.id.IdUnavailableException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What {@code await-ready} does where no backend, and no server, answers. */
class AwaitReadyTest {

    /** A port on which nothing listens; the discard service is on no machine any more. */
    private static final String UNUSED_ADDRESS = "127.0.0.1:9";

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SnowlineAutoConfiguration.class));

    @Test
    void withoutItTheApplicationStartsAndIdsAreRefused() {
        application
                .withPropertyValues(
                        "snowline.coordination.type=redis", "snowline.coordination.uri=redis://" + UNUSED_ADDRESS)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(SnowlineNamespaces.class).allReady())
                            .isFalse();
                    assertThat(reason(context.getBean(IdGenerator.class)))
                            .isEqualTo(IdUnavailableException.Reason.COORDINATOR_UNAVAILABLE);
                });
    }

    @Test
    void withItTheStartFailsAndSaysWhy() {
        application
                .withPropertyValues(
                        "snowline.coordination.type=redis",
                        "snowline.coordination.uri=redis://" + UNUSED_ADDRESS,
                        "snowline.await-ready=100ms")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(SnowlineConfigurationException.class)
                        .hasMessageContaining(
                                "no ID of namespace 'default' could be issued within snowline.await-ready, PT0.1S")
                        .hasMessageContaining(UNUSED_ADDRESS));
    }

    @Test
    void theSameHoldsForServers() {
        application
                .withPropertyValues(
                        "snowline.client.servers=http://" + UNUSED_ADDRESS,
                        "snowline.client.token=abcdefghijklmnop",
                        "snowline.client.max-wait=50ms",
                        "snowline.namespaces=orders")
                .run(context -> assertThat(reason(context.getBean(IdGenerator.class)))
                        .isEqualTo(IdUnavailableException.Reason.SERVER_UNAVAILABLE));
    }

    private static IdUnavailableException.Reason reason(IdGenerator ids) {
        try {
            ids.nextId();
        } catch (IdUnavailableException e) {
            return e.reason();
        }
        throw new AssertionError("an ID was issued without a backend");
    }
}
