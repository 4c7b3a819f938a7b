package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.testing.JavaBlocks;
import io.snowline.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of docs/frameworks.md, as they stand there: Java is compiled, SQL runs on H2, and commands on Redis. */
class RecipesIT {

    /** Sections whose libraries are not those of Spring; examples/dropwizard compiles them. */
    private static final List<String> ELSEWHERE = List.of("Dropwizard", "Without a framework");

    private static String page = "";

    @TempDir
    static Path directory;

    private static ClassLoader compiled = RecipesIT.class.getClassLoader();

    @BeforeAll
    static void compile() throws IOException {
        page = Files.readString(Path.of("..", "..", "docs", "frameworks.md"));
        for (String heading : ELSEWHERE) {
            page = page.replace("## " + JavaBlocks.section(heading, page), "");
        }
        compiled = JavaBlocks.compile(JavaBlocks.of("java", page), directory);
    }

    private static Object make(String type) throws ReflectiveOperationException {
        var constructor = compiled.loadClass(JavaBlocks.PACKAGE + "." + type).getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.getParameterCount() == 0 ? constructor.newInstance() : constructor.newInstance(1L << 60, 3);
    }

    @Test
    void oneLongIsWrittenAsAStringByJacksonTwoAndThree() throws Exception {
        Object view = make("OrderView");
        String expected = "{\"id\":\"1152921504606846976\",\"count\":3}";

        assertThat(new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(view))
                .isEqualTo(expected);
        assertThat(new tools.jackson.databind.json.JsonMapper().writeValueAsString(view))
                .isEqualTo(expected);
    }

    @Test
    void everyLongIsWrittenAsAStringWhereTheModuleIsRegistered() throws Exception {
        var two = com.fasterxml.jackson.databind.json.JsonMapper.builder()
                .addModule((com.fasterxml.jackson.databind.Module) make("LongsAsStrings2"))
                .build();
        var three = tools.jackson.databind.json.JsonMapper.builder()
                .addModule((tools.jackson.databind.JacksonModule) make("LongsAsStrings3"))
                .build();

        assertThat(two.writeValueAsString(new long[] {1L << 60})).isEqualTo("[\"1152921504606846976\"]");
        assertThat(two.writeValueAsString(1L << 60)).isEqualTo("\"1152921504606846976\"");
        assertThat(three.writeValueAsString(1L << 60)).isEqualTo("\"1152921504606846976\"");
    }

    @Test
    void theSqlRuns() throws Exception {
        for (String mode : List.of("PostgreSQL", "MySQL")) {
            try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:" + mode + ";MODE=" + mode);
                    Statement statement = connection.createStatement()) {
                for (String block : JavaBlocks.of("sql", page)) {
                    for (String command : block.split(";", -1)) {
                        if (!command.isBlank()) {
                            statement.execute(command);
                        }
                    }
                }
                try (ResultSet rows = statement.executeQuery("select count(*) from orders")) {
                    assertThat(rows.next()).isTrue();
                }
            }
        }
    }

    @Test
    void theCommandsForRedisAnswerWhatThePageSays() {
        try (RedisServer redis = RedisServer.start()) {
            for (String block : JavaBlocks.of("redis", page)) {
                String expected = "";
                for (String line : block.strip().split("\n", -1)) {
                    if (line.startsWith("> ")) {
                        expected =
                                String.valueOf(redis.command(line.substring(2).split(" ", -1)));
                    } else {
                        assertThat(expected).as(line).isEqualTo(line);
                    }
                }
            }
        }
    }
}
