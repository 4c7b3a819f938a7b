package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.testing.ExampleProgram;
import io.snowline.testing.JavaBlocks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example starts as its README says, and issues IDs; and what docs/frameworks.md says of its libraries compiles. */
@Timeout(180)
class ExampleIT {

    @TempDir
    Path directory;

    private static Pattern port(String connector) {
        return Pattern.compile("Started " + connector + "@.*127\\.0\\.0\\.1:([0-9]+)");
    }

    @Test
    void theShopStartsFromItsJarAndTakesAnOrder() throws Exception {
        assertThat(ExampleProgram.commandOf(Path.of("README.md")))
                .endsWith("&& java -jar examples/dropwizard/target/shop.jar server examples/dropwizard/shop.yml");
        Path settings = Files.writeString(
                directory.resolve("shop.yml"),
                Files.readString(Path.of("shop.yml")).replaceAll("port: 808[01]", "port: 0"));
        String jar = Path.of("target", "shop.jar").toAbsolutePath().toString();
        try (ExampleProgram shop = ExampleProgram.start(directory, "-jar", jar, "server", settings.toString())) {
            String address = "http://127.0.0.1:" + shop.await(port("application"));
            String administration = "http://127.0.0.1:" + shop.await(port("admin"));

            assertThat(ExampleProgram.ask("POST", address + "/orders?item=tea"))
                    .matches("\\{\"id\":\"[0-9]+\",\"item\":\"tea\"}");
            assertThat(ExampleProgram.ask("GET", administration + "/nodes")).contains("\"state\":\"held\"");
            assertThat(ExampleProgram.ask("GET", administration + "/healthcheck"))
                    .contains("\"lease-orders\":{\"healthy\":true");

            shop.terminate();
            String said = shop.awaitEnd();
            assertThat(said).contains("gave back node id");
            assertThat(shop.status()).as(said).isEqualTo(143);
        }
    }

    @Test
    void whatTheDocumentationSaysCompiles() throws Exception {
        String page = Files.readString(Path.of("..", "..", "docs", "frameworks.md"));
        List<String> blocks = new ArrayList<>();
        for (String heading : List.of("Dropwizard", "Without a framework")) {
            blocks.addAll(JavaBlocks.of("java", JavaBlocks.section(heading, page)));
        }
        assertThat(JavaBlocks.compile(blocks, directory).loadClass("recipes.Orders"))
                .isNotNull();
    }
}
