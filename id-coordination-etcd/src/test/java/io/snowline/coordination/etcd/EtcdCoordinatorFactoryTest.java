package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.support.Login;
import io.snowline.coordination.support.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdCoordinatorFactoryTest {

    private final EtcdCoordinatorFactory factory = new EtcdCoordinatorFactory();

    @Test
    void theServiceLoaderFindsItByItsType() {
        assertThat(ServiceLoader.load(NodeCoordinatorFactory.class).stream()
                        .map(provider -> provider.get().type()))
                .contains("etcd");
    }

    @Test
    void withoutSettingsItIsALocalServer() {
        assertThat(text(factory)).isEqualTo("etcd at http://127.0.0.1:2379");
    }

    @Test
    void coordinatorsNameTheirMembersAndNoSecret() {
        factory.setEndpoints(List.of("https://e1.example.com", "https://[::1]:2380"));
        factory.setUsername("ids");
        factory.setPassword("s3cret");
        assertThat(text(factory)).isEqualTo("etcd at https://e1.example.com:2379, https://[::1]:2380");
    }

    @Test
    void noTextShowsASecret() {
        TlsSettings tls = new TlsSettings();
        tls.setKeyPassword("s3cret");
        factory.setTls(tls);
        factory.setUsername("ids");
        factory.setPassword("s3cret");
        assertThat(List.of(factory.toString(), tls.toString())).noneMatch(text -> text.contains("s3cret"));
        assertThat(new Login("ids", "s3cret").toString()).doesNotContain("s3cret");
        refused("endpoints must be", f -> f.setEndpoints(List.of("http://ids:s3cret@h")))
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void openingTalksToNobody() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(50);
            factory.setEndpoints(List.of("http://127.0.0.1:" + listener.getLocalPort()));
            NodeCoordinator coordinator = factory.open();
            coordinator.close();
            coordinator.close();
            assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h",
                "h:2379",
                "ftp://h",
                "http://",
                "http://:2379",
                "http://h:0",
                "http://h:99999",
                "http://h/path",
                "http://h/",
                "http://h?x",
                "http://u@h",
                "http://a b",
                "http://h:x"
            })
    void endpointsAreHttpAddresses(String endpoint) {
        refused(
                "endpoints must be http://host[:port] or https://host[:port], got '",
                f -> f.setEndpoints(List.of("http://ok:1", endpoint)));
    }

    @Test
    void eachSetterChecksItsOwnValue() {
        refused("endpoints must be at least one, got none", f -> f.setEndpoints(List.of()));
        refused("username must not be empty", f -> f.setUsername(""));
        refused("password must not be empty", f -> f.setPassword(""));
        refused("requestTimeout must be from 1 ms to 1 h, got PT0S", f -> f.setRequestTimeout(Duration.ZERO));
        refused("connectTimeout must be from 1 ms to 1 h, got PT24H", f -> f.setConnectTimeout(Duration.ofDays(1)));
        refused(
                "requestTimeout must be from 1 ms to 1 h, got PT2562047788015215H30M7.999999999S",
                f -> f.setRequestTimeout(ChronoUnit.FOREVER.getDuration()));
        refused("maxRecordedIds must be at least 1, got 0", f -> f.setMaxRecordedIds(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/snowline/", "a b", "/snöwline", "/a\n"})
    void aPrefixIsPrintableAndHasNoSlashAtItsEnd(String prefix) {
        refused("prefix must be 1 to 256 printable ASCII characters", f -> f.setPrefix(prefix))
                .hasMessageEndingWith("got '" + prefix + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.snowline-trace", "/.snowline-trace/a", "/.snowline-traces", "/.snow", "/."})
    void aPrefixIsApartFromTheTraces(String prefix) {
        refused("prefix must not begin with '/.snowline-trace', nor be the beginning of it", f -> f.setPrefix(prefix))
                .hasMessageEndingWith("got '" + prefix + "'");
    }

    @Test
    void aPasswordMayBeInAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "s3cret\n");
        factory.setUsername("ids");
        factory.setPasswordFile(file.toString());
        assertThat(text(factory)).isEqualTo("etcd at http://127.0.0.1:2379");
        factory.setPassword("s3cret");
        assertRefused("only one of password and passwordFile must be set, got both");
    }

    @Test
    void userAndPasswordGoTogether() {
        factory.setUsername("ids");
        assertRefused("password must be set, because username is: 'ids'");
        factory.setUsername(null);
        factory.setPassword("s3cret");
        assertRefused("username must be set, because password is");
    }

    @Test
    void endpointsAreAllOfOneKind() {
        factory.setEndpoints(List.of("http://a", "https://b"));
        assertRefused("endpoints must all be http or all be https, got http://a:2379, https://b:2379");
    }

    @Test
    void settingsOfTlsNeedTls() {
        factory.setTls(new TlsSettings());
        assertRefused("tls must be left out where endpoints are http, got http://127.0.0.1:2379");
        factory.setEndpoints(List.of("https://h"));
        assertThat(text(factory)).isEqualTo("etcd at https://h:2379");
    }

    @Test
    void filesOfTlsMustBeUsable() {
        factory.setEndpoints(List.of("https://h"));
        TlsSettings tls = new TlsSettings();
        factory.setTls(tls);
        tls.setVerifyHostname(false);
        assertRefused("tls.verifyHostname must be true for etcd");
        tls.setVerifyHostname(true);
        tls.setCa("missing.pem");
        assertRefused("tls.ca must be a PEM file of certificates, got 'missing.pem'");
    }

    @Test
    void namesOfNamespacesAndLocksAreChecked() {
        try (NodeCoordinator coordinator = factory.open()) {
            assertThatThrownBy(() -> coordinator.read("a/b")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> coordinator.ledger(".identity")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> coordinator.lock("orders", "a/b"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("lock name must be");
            assertThatCode(() -> coordinator.lock("orders", "node-7")).doesNotThrowAnyException();
        }
    }

    private AbstractThrowableAssert<?, ?> assertRefused(String message) {
        return assertThatThrownBy(factory::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private AbstractThrowableAssert<?, ?> refused(String message, Consumer<EtcdCoordinatorFactory> change) {
        return assertThatThrownBy(() -> change.accept(factory), message)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static String text(EtcdCoordinatorFactory factory) {
        try (NodeCoordinator coordinator = factory.open()) {
            return coordinator.toString();
        }
    }
}
