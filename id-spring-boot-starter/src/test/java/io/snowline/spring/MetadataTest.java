package io.snowline.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NodeCoordinatorFactory;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** What tools read: the metadata that IDEs complete properties from, and what a native image must keep. */
class MetadataTest {

    private static final Pattern NAME = Pattern.compile("\"name\": \"(snowline[a-z.-]*)\"");

    private static Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        try (InputStream file =
                MetadataTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            Matcher matcher = NAME.matcher(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    @Test
    void theMetadataNamesTheBlocks() throws IOException {
        assertThat(names())
                .contains(
                        "snowline.namespaces",
                        "snowline.primary",
                        "snowline.await-ready",
                        "snowline.reservation.ahead",
                        "snowline.client.servers",
                        "snowline.generators",
                        "snowline.coordination.type");
    }

    @Test
    void theMetadataHasEverySetterOfTheCoordinators() throws IOException {
        Set<String> names = names();
        List<NodeCoordinatorFactory> factories = SnowlineSettings.coordinatorFactories();

        assertThat(factories).hasSize(2);
        for (NodeCoordinatorFactory factory : factories) {
            for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(factory.getClass())) {
                if (property.getWriteMethod() != null) {
                    String name = "snowline.coordination." + DataObjectPropertyName.toDashedForm(property.getName());
                    assertThat(names).as(name).anyMatch(known -> known.equals(name) || known.startsWith(name + "."));
                }
            }
        }
    }

    @Test
    void aNativeImageKeepsWhatPropertiesAreBoundTo() {
        RuntimeHints hints = new RuntimeHints();
        new SnowlineHints().registerHints(hints, null);

        for (NodeCoordinatorFactory factory : SnowlineSettings.coordinatorFactories()) {
            assertThat(RuntimeHintsPredicates.reflection().onType(factory.getClass()))
                    .accepts(hints);
        }
        assertThat(RuntimeHintsPredicates.reflection().onType(SnowlineProperties.Generator.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource()
                        .forResource("META-INF/services/" + NodeCoordinatorFactory.class.getName()))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/snowline/coordination/redis/replace.lua"))
                .accepts(hints);
    }
}
