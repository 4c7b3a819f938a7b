package io.snowline.server.testing;

import io.snowline.testing.Await;
import io.snowline.testing.Binaries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Debian's Chromium, without a window; installed where it is missing. Pictures of it are kept in {@code target/console}.
 *
 * <p>Not thread-safe.
 */
public final class Browser implements AutoCloseable {

    private static final Path PICTURES = Path.of("target", "console");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Dimension WIDE = new Dimension(1280, 1500);
    private static final Dimension NARROW = new Dimension(500, 2600);

    /** A request that is not answered, or answered with an error, is in the browser's log, but no fault of the page. */
    private static final String REQUEST_FAILED = "Failed to load resource";

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it. */
    public static Browser start() {
        Path program = program("chromium");
        Path control = program("chromedriver");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary(program.toFile())
                .addArguments(
                        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=en-GB");
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(control.toFile())
                .usingAnyFreePort()
                .build();
        Browser browser = new Browser(new ChromeDriver(service, options));
        browser.driver.manage().window().setSize(WIDE);
        return browser;
    }

    private static Path program(String name) {
        return Binaries.find(List.of(name)).orElseGet(() -> {
            Binaries.install("chromium", "chromium-driver", "fonts-noto-cjk");
            return Binaries.find(List.of(name))
                    .orElseThrow(() -> new IllegalStateException(
                            "'%s' must be on the path, or be installed from Debian's chromium and chromium-driver"
                                    .formatted(name)));
        });
    }

    /** Opens the console of an administrative port, in English. */
    public void open(int adminPort) {
        speak("en-GB");
        driver.get("http://127.0.0.1:" + adminPort + "/console/");
    }

    /** Sets the language that the browser prefers, for pages opened later. */
    public void speak(String language) {
        String agent = String.valueOf(driver.executeScript("return navigator.userAgent"));
        cdp("Emulation.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", language));
        cdp("Emulation.setLocaleOverride", Map.of());
        cdp("Emulation.setLocaleOverride", Map.of("locale", language));
    }

    /** Loads the page again. */
    public void reload() {
        driver.navigate().refresh();
    }

    /** Prefers dark pages, or light ones. */
    public void dark(boolean dark) {
        Map<String, String> scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        cdp("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
    }

    /** Makes the window as narrow as Chromium lets it be, or wide again. */
    public void narrow(boolean narrow) {
        driver.manage().window().setSize(narrow ? NARROW : WIDE);
    }

    private void cdp(String command, Map<String, Object> parameters) {
        driver.executeCdpCommand(command, parameters);
    }

    /** Returns the visible text of an element. */
    public String text(String css) {
        return one(css).getText();
    }

    /** Returns the first element that matches. */
    public WebElement one(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    /** Returns an attribute of the first element that matches; empty if it has none. */
    public String attribute(String css, String name) {
        return Objects.requireNonNullElse(one(css).getDomAttribute(name), "");
    }

    /** Returns all elements that match. */
    public List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Types into an element, in place of what it has. */
    public void type(String css, String text) {
        WebElement element = one(css);
        element.clear();
        element.sendKeys(text);
    }

    /** Presses keys wherever the focus is. */
    public void press(Keys... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Returns the id, or else the name, of the element that has the focus. */
    public String focused() {
        return String.valueOf(driver.executeScript(
                "const e = document.activeElement; return e.id || e.className || e.tagName.toLowerCase()"));
    }

    /** Returns the value of a script. */
    public @Nullable Object script(String script) {
        return driver.executeScript(script);
    }

    /** Waits until an element's text contains another. */
    public void await(String css, String text) {
        await(css + " contains '" + text + "'", () -> all(css).stream()
                .anyMatch(element -> element.getText().contains(text)));
    }

    /** Waits until something is so. */
    public void await(String what, BooleanSupplier condition) {
        try {
            Await.until(what, PATIENCE, () -> {
                try {
                    return condition.getAsBoolean();
                } catch (NoSuchElementException | StaleElementReferenceException e) {
                    return false; // it is being drawn
                }
            });
        } catch (AssertionError | IllegalStateException e) {
            picture("failed");
            throw e;
        }
    }

    /** Keeps a picture of the page. */
    public void picture(String name) {
        try {
            Files.createDirectories(PICTURES);
            Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what the browser has complained about since it was last asked: scripts, and what the policy forbids. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains(REQUEST_FAILED))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
