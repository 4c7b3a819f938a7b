package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
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

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static String commandOf(Path readme) throws IOException {
        return Files.readString(readme)
                .lines()
                .filter(line -> line.startsWith("./mvnw "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theShopStartsFromItsJarAndStoresAnOrder() throws Exception {
        assertThat(commandOf(Path.of("README.md"))).endsWith("&& java -jar examples/spring-boot/target/shop.jar");
        Process shop =
                start("-jar", Path.of("target", "shop.jar").toAbsolutePath().toString(), "--server.port=0");
        try (BufferedReader log =
                new BufferedReader(new InputStreamReader(shop.getInputStream(), StandardCharsets.UTF_8))) {
            String address = "http://127.0.0.1:" + port(log);

            String order = ask("POST", address + "/orders?item=tea");
            assertThat(order).matches("\\{\"id\":\"[0-9]+\",\"item\":\"tea\"}");
            String id = order.replaceAll("[^0-9]", "");
            assertThat(ask("GET", address + "/orders/" + id)).isEqualTo(order);
            assertThat(ask("POST", address + "/invoices")).matches("[0-9]+");
            assertThat(ask("GET", address + "/actuator/snowline")).contains("\"state\":\"held\"");
            assertThat(ask("GET", address + "/actuator/health")).contains("\"UP\"");
        } finally {
            shop.destroy();
            assertThat(shop.waitFor()).as("status after SIGTERM").isEqualTo(143);
        }
    }

    private static String port(BufferedReader log) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            all.append(line).append('\n');
            Matcher matcher = PORT.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new AssertionError("the application ended: " + all);
    }

    private static String ask(String method, String uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void theProgramOfOneFileNeedsTheCoreAlone() throws Exception {
        Path plain = Path.of("..", "plain");
        assertThat(commandOf(plain.resolve("README.md"))).endsWith("examples/plain/Invoices.java");
        String core = List.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)).stream()
                .filter(entry -> entry.contains("id-core"))
                .findFirst()
                .orElseThrow();
        Process program = start(
                "-cp",
                core,
                plain.resolve("Invoices.java").toAbsolutePath().normalize().toString());
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).as(said).isZero();
        assertThat(said)
                .containsPattern("invoice [0-9]+ of 20[0-9T:.-]+Z from node id [0-9]+")
                .containsPattern("1000000 more, the last one [0-9]+");
    }
}
