package io.snowline.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.redis.RedisCoordinatorFactory;
import io.snowline.id.IdFormat;
import io.snowline.id.IdLayout;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.server.testing.Browser;
import io.snowline.server.testing.RunningServer;
import io.snowline.testing.FreePorts;
import io.snowline.testing.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The console in a real browser, over real servers. */
class ConsoleIT {

    private static final IdLayout LAYOUT = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private static final long ID = 250764395867702112L;

    @TempDir
    private Path directory;

    private Browser browser;

    @BeforeEach
    void start() {
        browser = Browser.start();
    }

    @AfterEach
    void noScriptFailedAndNoPolicyWasBroken() {
        List<String> complaints = browser.complaints();
        browser.close();
        assertThat(complaints).isEmpty();
    }

    // ---- one server ----

    private static final String NAMESPACES =
            "generators: {orders: {}, guarded: {tokens: [a-secret]}, invoices: {mode: recorded}}";

    @Test
    void oneServerIsShownInEveryGuise() throws Exception {
        try (RunningServer server = RunningServer.start(directory, NAMESPACES)) {
            browser.open(server.adminPort());
            browser.await("#backend", "local directory");
            assertThat(browser.text("#backend")).endsWith(" answers");
            assertThat(browser.all("article")).hasSize(3);
            askFor(server, 50);
            browser.await("article[data-namespace=orders] .issued", "50 since the start");
            browser.await(
                    "the rate is drawn",
                    () -> browser.attribute("article[data-namespace=orders] polyline", "points")
                                    .split(" ", -1)
                                    .length
                            > 3);

            assertThat(browser.text("article[data-namespace=orders] .window"))
                    .matches("good for \\d+ s without the directory");
            assertThat(browser.attribute("article[data-namespace=orders] svg", "aria-label"))
                    .matches("IDs per second over the last two minutes: now .*, at most [1-9].*");
            assertThat(browser.text("article[data-namespace=orders] .ready")).isEqualTo("✓ Can issue");
            assertThat(browser.text("article[data-namespace=orders] .more"))
                    .contains("node id ", " years of timestamps left");
            assertThat(browser.text("article[data-namespace=orders] .refusals"))
                    .isEqualTo("Nothing refused since the start");
            assertThat(browser.text("article[data-namespace=orders] code"))
                    .isEqualTo("curl http://127.0.0.1:" + server.port() + "/v1/orders/id");
            assertThat(browser.text("article[data-namespace=guarded] code")).contains("Authorization: Bearer …");
            assertThat(browser.all("article[data-namespace=guarded] button")).isEmpty();
            assertThat(browser.text("article[data-namespace=invoices] .window")).startsWith("each ID is recorded");

            takeAnId();
            browser.picture("one-server");
            browser.dark(true);
            browser.picture("dark");
            browser.narrow(true);
            assertThat(browser.script("return document.documentElement.scrollWidth <= window.innerWidth"))
                    .as("no scrolling to the side on a narrow screen")
                    .isEqualTo(true);
            browser.picture("narrow-dark");
            browser.dark(false);
            browser.narrow(false);
            speakChinese();
        }
    }

    private static void askFor(RunningServer server, int ids) {
        for (int i = 0; i < ids; i++) {
            assertThat(server.get("/v1/orders/id").statusCode()).isEqualTo(200);
        }
    }

    private void takeAnId() {
        browser.one("article[data-namespace=orders] button").click();
        browser.await("an ID is taken", () -> browser.text("article[data-namespace=orders] output")
                .matches("[0-9]{18}"));
        String id = browser.text("article[data-namespace=orders] output");
        browser.await("#decoded", id);
        assertThat(browser.text("#decoded")).contains(IdFormat.HEX.format(Long.parseLong(id)));
    }

    private void speakChinese() {
        browser.one("#language").click();
        browser.await("h2", "命名空间");
        assertThat(browser.text("article[data-namespace=orders] .window")).matches("即使本地目录不可用，仍可发号 \\d+ 秒");
        assertThat(browser.script("return document.documentElement.lang")).isEqualTo("zh-CN");
        browser.picture("chinese");
        browser.one("#language").click();
        browser.speak("zh-CN");
        browser.reload();
        browser.await("h2", "命名空间");
    }

    // ---- IDs and times ----

    @Test
    void idsOfEveryNotationAndTimesAreRead() throws Exception {
        try (RunningServer server = RunningServer.start(directory, NAMESPACES)) {
            browser.open(server.adminPort());
            browser.await("#backend", "answers");
            for (String notation : List.of("decimal", "hex", "base62", "base32")) {
                browser.type("#id", IdFormat.of(notation).format(ID));
                browser.await("#decoded", "Read as " + notation);
                assertThat(browser.text("#decoded"))
                        .contains("2026-11-23T23:28:10.952Z", "Node id 40", "sequence 864", Long.toString(ID))
                        .contains(IdFormat.HEX.format(ID), IdFormat.BASE62.format(ID), IdFormat.BASE32.format(ID));
            }
            assertThat(browser.all("#decoded .bits .n").get(0).getText()).startsWith("0000101000");
            browser.type("#id", "1234567890123"); // 13 digits
            browser.await("#decoded", "Read as base32");
            assertThat(browser.text("#decoded")).contains("Read as decimal");
            browser.type("#id", "-1");
            browser.await("#decoded", "This is no ID of this layout in any notation.");

            browser.script(
                    "const e = document.getElementById('time'); e.value = new Date(Date.parse('2026-11-23T08:00:00Z')"
                            + " - new Date('2026-11-23T08:00:00Z').getTimezoneOffset() * 60000).toISOString().slice(0, 23);"
                            + " e.dispatchEvent(new Event('input'))");
            long smallest = LAYOUT.smallestId(Instant.parse("2026-11-23T08:00:00Z"));
            browser.await("#times", "WHERE id BETWEEN %s AND %s".formatted(smallest, smallest | (1L << 22) - 1));
        }
    }

    // ---- the keyboard ----

    @Test
    void everythingIsReachedByKeyboard() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "generators: {orders: {}}")) {
            browser.open(server.adminPort());
            browser.await("#rows", "orders");
            browser.press(Keys.TAB);
            assertThat(browser.focused()).isEqualTo("skip");
            List<String> order = new ArrayList<>();
            for (int i = 0; i < 20 && !order.contains("scroll"); i++) {
                browser.press(Keys.TAB);
                order.add(browser.focused());
            }
            assertThat(order)
                    .startsWith("language", "button", "layout", "id")
                    .contains("time")
                    .endsWith("filter", "scroll");

            browser.one("#language").sendKeys(Keys.ENTER);
            browser.await("h2", "命名空间");
            browser.one("#language").sendKeys(Keys.SPACE);
            browser.await("h2", "Namespaces");
            browser.one("article button").sendKeys(Keys.ENTER);
            browser.await("#decoded", "Read as decimal");
        }
    }

    // ---- a server that stops, and comes back ----

    @Test
    void thePageStaysTrueWhileTheServerIsStoppedAndComesBackByItself() throws Exception {
        int port = FreePorts.claim();
        int adminPort = FreePorts.claim();
        String yaml = "coordination: {type: local, directory: '%s'}\n".formatted(directory.resolve("data"));
        try (RunningServer server = RunningServer.startUnready(directory, yaml, port, adminPort)) {
            server.awaitReady();
            browser.open(adminPort);
            browser.await("#backend", "answers");
        }
        browser.await("#stale", "This server has not answered for");
        assertThat(browser.text("#stale")).matches("This server has not answered for \\d+ s. What is below is from .*");
        assertThat(browser.text("#backend")).isEmpty();
        browser.picture("server-stopped");
        try (RunningServer server = RunningServer.startUnready(
                directory, yaml + "generators: {default: {}, another: {}}", port, adminPort)) {
            server.awaitReady();
            browser.await("#backend", "answers");
            browser.await(
                    "the new namespace is shown", () -> browser.all("article").size() == 2);
            assertThat(browser.one("#stale").isDisplayed()).isFalse();
        }
    }

    // ---- five servers on Redis ----

    @Test
    void fiveServersAndABackendThatGoesAway() throws Exception {
        List<RunningServer> servers = new ArrayList<>();
        try (RedisServer redis = RedisServer.start()) {
            String yaml = "coordination: {type: redis, uri: '%s'}\ngenerators: {orders: {}}\n".formatted(redis.uri());
            create(redis);
            for (int i = 0; i < 5; i++) {
                Path own = Files.createDirectory(directory.resolve("server-" + i));
                servers.add(RunningServer.startUnready(own, yaml, FreePorts.claim(), 0));
            }
            for (RunningServer server : servers) {
                server.awaitReady();
            }
            browser.open(servers.get(0).adminPort());
            browser.await("#counts", "5 held, 0 lapsed, 1,019 free of 1,024");
            browser.await(
                    "one of them is this server's",
                    () -> browser.all("#rows .mine").size() == 1);
            askFor(servers.get(0), 200);
            browser.await(".issued", "200 since the start");
            browser.await(".window", "without Redis");
            browser.picture("five-servers-on-redis");
            browser.type("#filter", "this server");
            browser.await("the filter works", () -> browser.all("#rows tr").size() == 1);
            browser.type("#filter", " ");

            redis.pause();
            browser.await("#backend", "does not answer: ");
            browser.await(
                    "the window runs out", () -> browser.text(".window").matches("good for 1?\\d s without Redis"));
            browser.picture("backend-away");
            redis.resume();
            browser.await("#backend", " answers");
            browser.await("the window is long again", () -> browser.text(".window")
                    .matches("good for (2\\d|30) s without Redis"));
        } finally {
            servers.forEach(RunningServer::close);
        }
    }

    /** Makes the namespace, so that its first windows are as long as all others. */
    private static void create(RedisServer redis) {
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setUri(redis.uri());
        try (NodeCoordinator coordinator = factory.open()) {
            SnowflakeGenerator.builder(coordinator, "orders").create();
        }
    }

    // ---- hostile labels ----

    @Test
    void hostileLabelsAreText() throws Exception {
        String html = "<img src=x onerror=\\\"document.title='broken'\\\"><script>document.title='broken'</script>";
        String backwards = "\u202Eevil\u2066\u061C";
        String wide = "W".repeat(256);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicBoolean starting = new AtomicBoolean(true);
        server.createContext("/metrics", exchange -> {
            if (starting.getAndSet(false)) {
                answer(exchange, 503, "application/json", "{\"code\":503,\"message\":\"starting\"}".getBytes(UTF_8));
            } else {
                serve(exchange, List.of());
            }
        });
        server.createContext("/", exchange -> serve(exchange, List.of(html, backwards, wide)));
        server.start();
        try {
            browser.open(server.getAddress().getPort());
            browser.await("#rows", "WWWW");

            assertThat(browser.all("#rows tr")).hasSize(3);
            assertThat(browser.all("#rows img, #rows script, header img, #cards img"))
                    .isEmpty();
            assertThat(browser.script("return document.title")).isEqualTo("Snowline");
            assertThat(browser.all("#rows bdi").get(0).getText())
                    .startsWith("<img src=x onerror=")
                    .endsWith("</script>");
            assertThat(browser.script("return document.querySelectorAll('#rows bdi')[1].textContent"))
                    .isEqualTo(backwards);
            assertThat(browser.text("#who")).startsWith("<img");
            assertThat(browser.script("return document.documentElement.scrollWidth <= window.innerWidth"))
                    .isEqualTo(true);
            browser.picture("hostile-labels");
        } finally {
            server.stop(0);
        }
    }

    /** Answers as an administrative port would whose coordinator and labels are in hostile hands. */
    private static void serve(HttpExchange exchange, List<String> labels) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body =
                switch (path) {
                    case "/console/state" ->
                        """
                            {"label":"%s","backend":"%s","coordinator":"%s","url":"http://127.0.0.1","aheadSeconds":30,"namespaces":[
                             {"name":"orders","mode":"leased","layout":"41/10/12@1ms","timestampBits":41,"nodeBits":10,"sequenceBits":12,
                              "tickMillis":1,"epoch":"2025-01-01T00:00:00Z","lanes":1,"guarded":false}]}
                            """
                                .formatted(labels.get(0), labels.get(1), labels.get(0));
                    case "/metrics" -> "{\"counters\":{},\"gauges\":{\"snowline.years_left.orders\":{\"value\":5}}}";
                    case "/healthcheck" -> "{\"lease-orders\":{\"message\":\"" + labels.get(0) + "\"}}";
                    case "/nodes" -> nodes(labels);
                    default -> null;
                };
        String name = path.equals("/console/") ? "index.html" : path.replaceFirst(".*/", "");
        byte[] bytes = body == null ? file(name) : body.getBytes(UTF_8);
        answer(exchange, 200, body == null ? ConsoleServlet.type(name) : "application/json", bytes);
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static byte[] file(String name) throws IOException {
        try (InputStream file = ConsoleServlet.class.getResourceAsStream("console/" + name)) {
            return Objects.requireNonNull(file, name).readAllBytes();
        }
    }

    private static String nodes(List<String> labels) {
        List<String> lines = new ArrayList<>();
        for (String label : labels) {
            lines.add(
                    "{\"namespace\":\"orders\",\"node\":%s,\"owner\":\"1\",\"label\":\"%s\",\"end\":\"2026-11-23T23:28:11Z\",\"state\":\"held\"}"
                            .formatted(lines.size(), label));
        }
        return lines.toString();
    }
}
