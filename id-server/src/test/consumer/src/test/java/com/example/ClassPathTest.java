package com.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ClassPathTest {

    @Test
    void isWrittenDownForThoseWhoRunTheProgram() throws IOException {
        Files.writeString(Path.of("target", "class-path.txt"), System.getProperty("java.class.path"));
    }
}
