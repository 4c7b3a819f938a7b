package io.snowline.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs wrk, a closed-loop load generator: each connection sends its next request when it has the answer to the last.
 *
 * @param requests how many answers came
 * @param refused how many of them were refusals
 * @param seconds how long the run took
 * @param cpuSeconds the server's CPU time meanwhile
 */
record Wrk(long requests, long refused, double seconds, double cpuSeconds) {

    private static final Pattern TOTAL = Pattern.compile("([0-9]+) requests in ([0-9.]+)(ms|s|m)");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: ([0-9]+)");
    private static final Pattern BROKEN = Pattern.compile("Socket errors: [^\\n]*[1-9][^\\n]*");

    /** Loads a server. A failure ends the measurement, since figures that include refusals mean nothing. */
    static Wrk run(Server server, String path, int connections, int seconds, String... headers)
            throws IOException, InterruptedException {
        Wrk wrk = runAndCountRefusals(server, path, connections, seconds, headers);
        if (wrk.refused > 0) {
            throw new IllegalStateException(
                    "%s refused %d of %d requests".formatted(server.url(path), wrk.refused, wrk.requests));
        }
        return wrk;
    }

    static Wrk runAndCountRefusals(Server server, String path, int connections, int seconds, String... headers)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("wrk", "-t" + Math.min(2, connections), "-c" + connections, "-d" + seconds + "s"));
        for (String header : headers) {
            command.addAll(List.of("-H", header));
        }
        command.add(server.url(path));
        double before = server.cpuSeconds();
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        double used = server.cpuSeconds() - before;
        Matcher broken = BROKEN.matcher(output);
        Matcher total = TOTAL.matcher(output);
        if (wrk.waitFor() != 0 || broken.find() || !total.find()) {
            throw new IllegalStateException("wrk on " + server.url(path) + " failed:\n" + output);
        }
        double unit =
                switch (total.group(3)) {
                    case "ms" -> 0.001;
                    case "m" -> 60;
                    default -> 1;
                };
        Matcher refused = REFUSED.matcher(output);
        long refusals = refused.find() ? Long.parseLong(refused.group(1)) : 0;
        return new Wrk(Long.parseLong(total.group(1)), refusals, unit * Double.parseDouble(total.group(2)), used);
    }

    double perSecond() {
        return requests / seconds;
    }

    double cpuMicros() {
        return cpuSeconds * 1e6 / requests;
    }

    double cores() {
        return cpuSeconds / seconds;
    }
}
