package io.snowline.testing;

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
import java.util.stream.Collectors;

/** A program of the examples, in a process of its own. Not thread-safe. */
public final class ExampleProgram implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;
    private final StringBuilder read = new StringBuilder();

    private ExampleProgram(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Returns the command that a README says starts the program. */
    public static String commandOf(Path readme) throws IOException {
        return Files.readString(readme)
                .lines()
                .filter(line -> line.startsWith("./mvnw "))
                .findFirst()
                .orElseThrow();
    }

    /** Starts {@code java} in a directory. */
    public static ExampleProgram start(Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        return new ExampleProgram(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start());
    }

    /**
     * Reads the output until a pattern is found in a line, and returns its first group.
     *
     * @throws IllegalStateException if the program ends before
     */
    public String await(Pattern pattern) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            read.append(line).append('\n');
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new IllegalStateException("the program ended: " + read);
    }

    /** Waits for the end of the program, and returns its whole output. */
    public String awaitEnd() throws IOException, InterruptedException {
        read.append(output.lines().collect(Collectors.joining("\n")));
        process.waitFor();
        return read.toString();
    }

    /** Returns the status of a program that has ended. */
    public int status() {
        return process.exitValue();
    }

    /** Sends a request without a body, and returns the body of the answer. */
    public static String ask(String method, String uri) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Asks the program to end, as by SIGTERM. */
    public void terminate() {
        process.toHandle().destroy(); // unlike Process.destroy, leaves the output readable
    }

    /** Kills the program, if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
