package io.snowline.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.coordination.support.RunningNamespaces;
import io.snowline.id.IdGenerator;
import io.snowline.testing.LoggedWarnings;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Two applications of one JVM. */
class TwoApplicationsTest {

    @TempDir
    Path directory;

    private ApplicationContextRunner application(String namespace) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SnowlineAutoConfiguration.class))
                .withPropertyValues(
                        "snowline.coordination.directory=" + directory,
                        "snowline.await-ready=30s",
                        "snowline.namespaces=" + namespace);
    }

    private final LoggedWarnings log = LoggedWarnings.from(RunningNamespaces.class);

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void aNamespaceWithTwoGeneratorsIsWarnedAboutWithBothNames() {
        application("orders").run(first -> application("orders").run(second -> {
            assertThat(second.getBean(IdGenerator.class).nextId())
                    .isNotEqualTo(first.getBean(IdGenerator.class).nextId());
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("Namespace 'orders' on")
                    .contains("a generator in application '" + first.getId())
                    .contains("one in application '" + second.getId());
        }));
    }

    @Test
    void namespacesOfDifferentNamesAndThoseOfAnEndedApplicationAreNotWarnedAbout() {
        application("invoices").run(first -> application("customers").run(second -> {}));
        application("invoices").run(again -> {});

        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void aSecondDirectoryIsAnotherNamespace(@TempDir Path elsewhere) {
        LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
        factory.setDirectory(elsewhere.toString());
        application("lines").run(first -> application("lines")
                .withBean(NodeCoordinator.class, factory::open)
                .run(second -> assertThat(second).hasNotFailed()));

        assertThat(log.warnings()).isEmpty();
    }
}
