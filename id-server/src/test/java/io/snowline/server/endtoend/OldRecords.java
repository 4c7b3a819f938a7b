package io.snowline.server.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.snowline.id.IdLayout;
import io.snowline.server.testing.Backend;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Everything that was in a backend when the last servers that wrote format 1 had ended.
 * {@code records-of-format-1/README.md} says what they did.
 *
 * <p>Immutable and thread-safe.
 *
 * @param entries each text by its key, path, or hash and field
 */
record OldRecords(Map<String, String> entries) {

    private static final Pattern EPOCH = Pattern.compile("(?<= epoch=)\\S+");
    private static final Pattern DEADLINE = Pattern.compile("(?<=\nnotAfter=)\\S+");
    private static final Pattern IDENTITY = Pattern.compile("(?<= identity=)\\S+(?= )");
    private static final Pattern CHECKSUM = Pattern.compile("(?<=\n)crc32c=[0-9a-f]{8}\n$");

    OldRecords {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /**
     * Returns the records of a backend, {@code local}, {@code redis}, {@code zookeeper} or {@code etcd}, as they were
     * found.
     */
    static OldRecords of(String type) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (String entry : Pattern.compile("^@ ", Pattern.MULTILINE)
                .splitAsStream(resource(type))
                .filter(text -> !text.isEmpty())
                .toList()) {
            int end = entry.indexOf('\n');
            String text = entry.substring(end + 1);
            entries.put(entry.substring(0, end), type.equals("local") ? text : text.stripTrailing());
        }
        return new OldRecords(entries);
    }

    private static String resource(String type) {
        String name = "/records-of-format-1/" + type + ".txt";
        try (InputStream in = Objects.requireNonNull(OldRecords.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the same records as if the servers had run that much later: with another epoch, so that every position
     * stays the same and stands for a later time.
     */
    OldRecords laterBy(Duration age) {
        return map(text ->
                replace(EPOCH, text, epoch -> Instant.parse(epoch).plus(age).toString()));
    }

    /**
     * Returns the same records as ZooKeeper would show them if they were written now: a record carries the deadline
     * that its step met, and putting it back is another step.
     */
    OldRecords writtenInTime(Instant deadline) {
        return map(text -> replace(DEADLINE, text, old -> deadline.toString()));
    }

    /** Returns the same records as if they had been written to the store that they are put into. */
    OldRecords ofStore(String identity) {
        Optional<String> old = entries.values().stream()
                .flatMap(text -> IDENTITY.matcher(text).results())
                .map(found -> found.group())
                .findFirst();
        return old.isEmpty() ? this : map(text -> text.replace(old.get(), identity));
    }

    /** Returns the same records, but with the namespace records as a later version might write them. */
    OldRecords ofVersionToCome() {
        return map(text -> text.replaceAll("(?m)^(token=.*)$", "version=3 $1 color=blue"));
    }

    private OldRecords map(UnaryOperator<String> change) {
        Map<String, String> changed = new LinkedHashMap<>();
        entries.forEach((key, text) -> changed.put(key, sealed(change.apply(text))));
        return new OldRecords(changed);
    }

    private static String replace(Pattern pattern, String text, UnaryOperator<String> change) {
        return pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(change.apply(found.group())));
    }

    /** Corrects the checksum of a local file. */
    private static String sealed(String text) {
        Matcher checksum = CHECKSUM.matcher(text);
        if (!checksum.find()) {
            return text;
        }
        String body = text.substring(0, checksum.start());
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(US_ASCII));
        return body
                + String.format(Locale.ROOT, "crc32c=%08x%n", crc.getValue()).replace("\r", "");
    }

    /** Puts the records into a backend that has none of the namespaces yet. */
    void putInto(Backend backend) {
        List<String> keys = new ArrayList<>(entries.keySet());
        Collections.reverse(keys); // children before their parent, in the order in which ZooKeeper got them
        keys.forEach(key -> backend.put(key, entries.get(key)));
    }

    /** Returns the texts that contain a namespace's record, each by its key, path, or hash and field. */
    Map<String, String> namespaces() {
        Map<String, String> records = new LinkedHashMap<>(entries);
        records.values().removeIf(text -> !EPOCH.matcher(text).find());
        return records;
    }

    /** Returns the mark of a node id. */
    long mark(String namespace, int node) {
        return number(namespace, node, "end");
    }

    /** Returns the time that the mark of a node id stands for in the layout that the records were written with. */
    Instant markTime(String namespace, int node, IdLayout layout) {
        return Instant.ofEpochMilli(layout.scale().millisAt(mark(namespace, node)));
    }

    private long number(String namespace, int node, String field) {
        Pattern line = Pattern.compile("^node=" + node + " .* " + field + "=([0-9]+)( |$)", Pattern.MULTILINE);
        List<Long> numbers = only(namespace).entries().values().stream()
                .flatMap(text -> line.matcher(text).results())
                .map(found -> Long.parseLong(found.group(1)))
                .toList();
        if (numbers.size() != 1) {
            throw new IllegalStateException(
                    "node id %d of %s must have one record, got %d".formatted(node, namespace, numbers.size()));
        }
        return numbers.get(0);
    }

    /** Returns the records of one namespace only. */
    OldRecords only(String namespace) {
        Map<String, String> ofNamespace = new LinkedHashMap<>(entries);
        ofNamespace.keySet().removeIf(key -> !key.contains(namespace));
        return new OldRecords(ofNamespace);
    }
}
