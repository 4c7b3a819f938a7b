package io.snowline.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** Spring can write the definitions of the beans down as code, which native images need. */
class AheadOfTimeTest {

    @TempDir
    Path directory;

    @Test
    void theBeansOfTheNamespacesBecomeCode() throws IOException {
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of("snowline.namespaces=orders,invoices", "snowline.coordination.directory=" + directory)
                    .applyTo(context);
            context.register(SnowlineAutoConfiguration.class);
            DefaultGenerationContext generation =
                    new DefaultGenerationContext(new ClassNameGenerator(ClassName.get("com.example", "Shop")), files);

            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();

            assertThat(generation.getRuntimeHints().resources().resourcePatternHints())
                    .isNotEmpty();
        }
        StringBuilder code = new StringBuilder();
        for (String file : files.getGeneratedFiles(Kind.SOURCE).keySet()) {
            code.append(files.getGeneratedFileContent(Kind.SOURCE, file));
        }
        assertThat(code.toString())
                .contains("ordersIdGenerator")
                .contains("invoicesIdGenerator")
                .contains("AutowireCandidateQualifier");
    }
}
