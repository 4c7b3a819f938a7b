package io.snowline.server.http;

import io.snowline.server.config.CompatibilitySettings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Snowizard's calls: IDs as text, JSON or Protocol Buffers, {@code /ping} and {@code /version}. Failures have this
 * server's own form; there is no JSONP, which lets any web page read the answer.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://github.com/GeneralElectric/snowizard">Snowizard</a>
 */
final class SnowizardCalls implements PeerCalls {

    private static final String PROTOBUF = "application/x-protobuf";
    private static final HttpField OF_PROTOBUF = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, PROTOBUF);
    private static final Set<Representation> OTHERS = EnumSet.of(Representation.JSON, Representation.TEXT);
    private static final List<String> PARAMETERS = List.of("count");
    private static final Pattern USER_AGENT = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");

    /** The tag of field 1 as a varint. */
    private static final int FIELD = 1 << 3;

    private final String root;
    private final GuardedIssuer door;
    private final boolean validateUserAgent;

    SnowizardCalls(CompatibilitySettings.Snowizard settings, String root, Map<String, GuardedIssuer> namespaces) {
        this.root = root;
        this.door = Objects.requireNonNull(namespaces.get(settings.namespace()));
        this.validateUserAgent = settings.validateUserAgent();
    }

    @Override
    public @Nullable Call find(String path) {
        if (!path.startsWith(root)) {
            return null;
        }
        return switch (path.substring(root.length())) {
            case "/" -> this::issue;
            case "/ping" -> (request, response, callback) -> tell("pong", response, callback);
            case "/version" -> (request, response, callback) -> tell(version(), response, callback);
            default -> null;
        };
    }

    private static String version() {
        return Optional.ofNullable(SnowizardCalls.class.getPackage().getImplementationVersion())
                .orElse("unknown");
    }

    private static void tell(String text, Response response, Callback callback) {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        Answers.send(response, Representation.TEXT.contentType(), body, callback);
    }

    private void issue(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(door, request, response, callback);
        exchange.run(() -> {
            requireGet(request);
            exchange.authorize();
            exchange.requireNoBody();
            requireUserAgent(request.getHeaders().get(HttpHeader.USER_AGENT));
            if (PROTOBUF.equalsIgnoreCase(request.getHeaders().get(HttpHeader.ACCEPT))) {
                issueMany(exchange);
            } else {
                issueOne(exchange);
            }
        });
    }

    private static void requireGet(Request request) {
        if (!HttpMethod.GET.is(request.getMethod())) {
            throw new RefusedRequestException(
                    405, "the method must be GET here, got " + request.getMethod(), Map.of("Allow", "GET"));
        }
    }

    private void requireUserAgent(@Nullable String given) {
        if (validateUserAgent && (given == null || !USER_AGENT.matcher(given).matches())) {
            throw RefusedRequestException.badRequest(
                    "User-Agent must be a letter, and then letters, digits and hyphens, got "
                            + (given == null ? "none" : ErrorBody.quote(given)));
        }
    }

    private static void issueOne(Exchange exchange) {
        Representation representation = exchange.choose(OTHERS);
        exchange.query().refuse("count", "belongs to requests that accept " + PROTOBUF);
        exchange.issue(
                1,
                OptionalInt.empty(),
                ids -> exchange.send(
                        representation.contentType(),
                        one(ids[0], representation).getBytes(StandardCharsets.US_ASCII)));
    }

    private static String one(long id, Representation representation) {
        String digits = Long.toString(id);
        return representation == Representation.TEXT
                ? digits
                : "{\"id\":%s,\"id_str\":\"%s\"}".formatted(digits, digits);
    }

    private void issueMany(Exchange exchange) {
        QueryParameters query = exchange.query();
        query.requireOnly(PARAMETERS);
        int count = IdRequest.count(query, door.settings().maxBatch());
        exchange.reserve((1L + Long.BYTES + 2) * count + (long) Long.BYTES * count);
        exchange.issue(count, OptionalInt.empty(), ids -> exchange.send(OF_PROTOBUF, protobuf(ids, count)));
    }

    /** Writes a repeated int64 as field 1, each with its tag. */
    private static byte[] protobuf(long[] ids, int count) {
        ByteArrayOutputStream message = new ByteArrayOutputStream(10 * count);
        for (int i = 0; i < count; i++) {
            message.write(FIELD);
            long rest = ids[i];
            while (rest > 0x7F) {
                message.write((int) (rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            message.write((int) rest);
        }
        return message.toByteArray();
    }
}
