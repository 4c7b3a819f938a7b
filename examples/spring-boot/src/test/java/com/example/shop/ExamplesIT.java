package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.testing.ExampleProgram;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples start as their READMEs say, and issue IDs. */
@Timeout(180)
class ExamplesIT {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port ([0-9]+)");

    @TempDir
    Path directory;

    @Test
    void theShopStartsFromItsJarAndStoresAnOrder() throws Exception {
        assertThat(ExampleProgram.commandOf(Path.of("README.md")))
                .endsWith("&& java -jar examples/spring-boot/target/shop.jar");
        String jar = Path.of("target", "shop.jar").toAbsolutePath().toString();
        try (ExampleProgram shop = ExampleProgram.start(directory, "-jar", jar, "--server.port=0")) {
            String address = "http://127.0.0.1:" + shop.await(PORT);

            String order = ExampleProgram.ask("POST", address + "/orders?item=tea");
            assertThat(order).matches("\\{\"id\":\"[0-9]+\",\"item\":\"tea\"}");
            String id = order.replaceAll("[^0-9]", "");
            assertThat(ExampleProgram.ask("GET", address + "/orders/" + id)).isEqualTo(order);
            assertThat(ExampleProgram.ask("POST", address + "/invoices")).matches("[0-9]+");
            assertThat(ExampleProgram.ask("GET", address + "/actuator/snowline"))
                    .contains("\"state\":\"held\"");
            assertThat(ExampleProgram.ask("GET", address + "/actuator/health")).contains("\"UP\"");

            shop.terminate();
            String said = shop.awaitEnd();
            assertThat(shop.status()).as(said).isEqualTo(143);
        }
    }

    @Test
    void theProgramOfOneFileNeedsTheCoreAlone() throws Exception {
        Path plain = Path.of("..", "plain");
        assertThat(ExampleProgram.commandOf(plain.resolve("README.md"))).endsWith("examples/plain/Invoices.java");
        String core = List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)).stream()
                .filter(entry -> entry.contains("id-core"))
                .findFirst()
                .orElseThrow();
        String source =
                plain.resolve("Invoices.java").toAbsolutePath().normalize().toString();
        try (ExampleProgram program = ExampleProgram.start(directory, "-cp", core, source)) {
            String said = program.awaitEnd();

            assertThat(program.status()).as(said).isZero();
            assertThat(said)
                    .containsPattern("invoice [0-9]+ of 20[0-9T:.-]+Z from node id [0-9]+")
                    .containsPattern("1000000 more, the last one [0-9]+");
        }
    }
}
