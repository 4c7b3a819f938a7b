package io.snowline.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.id.IdGenerator;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Two applications of one JVM. */
@ExtendWith(OutputCaptureExtension.class)
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

    @Test
    void aNamespaceWithTwoGeneratorsIsWarnedAboutWithBothNames(CapturedOutput output) {
        application("orders").run(first -> application("orders").run(second -> {
            assertThat(second.getBean(IdGenerator.class).nextId())
                    .isNotEqualTo(first.getBean(IdGenerator.class).nextId());
            assertThat(output.getAll())
                    .contains("Namespace 'orders' on")
                    .contains("a generator in application '" + first.getId())
                    .contains("one in application '" + second.getId());
        }));
    }

    @Test
    void namespacesOfDifferentNamesAndThoseOfAnEndedApplicationAreNotWarnedAbout(CapturedOutput output) {
        application("invoices").run(first -> application("customers").run(second -> {}));
        application("invoices").run(again -> {});

        assertThat(output.getAll()).doesNotContain("has a generator in application");
    }

    @Test
    void aSecondDirectoryIsAnotherNamespace(CapturedOutput output, @TempDir Path elsewhere) {
        LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
        factory.setDirectory(elsewhere.toString());
        application("lines").run(first -> application("lines")
                .withBean(NodeCoordinator.class, factory::open)
                .run(second -> assertThat(second).hasNotFailed()));

        assertThat(output.getAll()).doesNotContain("has a generator in application");
    }
}
