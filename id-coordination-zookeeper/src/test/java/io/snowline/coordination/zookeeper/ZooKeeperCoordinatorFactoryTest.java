package io.snowline.coordination.zookeeper;

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

class ZooKeeperCoordinatorFactoryTest {

    private final ZooKeeperCoordinatorFactory factory = new ZooKeeperCoordinatorFactory();

    @Test
    void theServiceLoaderFindsItByItsType() {
        assertThat(ServiceLoader.load(NodeCoordinatorFactory.class).stream()
                        .map(provider -> provider.get().type()))
                .contains("zookeeper");
    }

    @Test
    void withoutSettingsItIsALocalServer() {
        assertThat(text(factory)).isEqualTo("ZooKeeper at 127.0.0.1:2181");
    }

    @Test
    void coordinatorsNameTheirServersAndNoSecret() {
        factory.setConnectString("zk1:2181,zk2:2182/ids");
        login("ids", "s3cret");
        assertThat(text(factory)).isEqualTo("ZooKeeper at zk1:2181,zk2:2182/ids");
    }

    @Test
    void openingTalksToNobody() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(50);
            factory.setConnectString("127.0.0.1:" + listener.getLocalPort());
            openAndClose(factory);
            assertThatThrownBy(listener::accept).isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void noTextShowsASecret() {
        login("ids", "s3cret");
        assertThat(List.of(factory.toString(), new Login("ids", "s3cret").toString()))
                .noneMatch(text -> text.contains("s3cret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h", "h:1", "h1,h2:2/a", "h/a/b.c-d", "[::1]:2181", "[fe80::1]:2181/x"})
    void connectStringsAreServersAndAChroot(String text) {
        factory.setConnectString(text);
        assertThat(text(factory)).isEqualTo("ZooKeeper at " + text);
    }

    @Test
    void aServerWithoutAPortHasZooKeepersOwn() {
        ConnectString parsed = ConnectString.parse("h1,[::1]:7/ids");
        assertThat(parsed.servers())
                .containsExactly(new ConnectString.Server("h1", 2181), new ConnectString.Server("[::1]", 7));
        assertThat(parsed.chroot()).isEqualTo("/ids");
        assertThat(ConnectString.parse("h").chroot()).isEmpty();
    }

    @Test
    void theClientHasThreeAddressesAtLeastSoThatItGivesUpASilentOneSoonAndGoesOnWithoutAPause() {
        assertThat(ConnectString.parse("h/ids").forClient()).isEqualTo("h:2181,h:2181,h:2181/ids");
        assertThat(ConnectString.parse("h1,[::1]:7").forClient()).isEqualTo("h1:2181,[::1]:7,h1:2181,[::1]:7");
        assertThat(ConnectString.parse("h1,h2,h3,h4").forClient()).isEqualTo("h1:2181,h2:2181,h3:2181,h4:2181");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ",", "h,", "h:", "h:0", "h:65536", "h:x", "a b", "a, b", "zk://h", "/ids", "h/", "h/a/", "h//a",
                "h/../a", "u@h"
            })
    void otherConnectStringsAreRefused(String text) {
        refused("connectString must have ", f -> f.setConnectString(text))
                .message()
                .endsWith("got '" + text.replace("u@", "***@") + "'");
    }

    @Test
    void aLoginIsAUserAndAPassword() {
        factory.setUsername("ids");
        assertRefused("password must be set, because username is: 'ids'");
        factory.setUsername(null);
        factory.setPassword("s3cret");
        assertRefused("username must be set, because password is");
        factory.setUsername("a:b");
        assertRefused("username must have no ':', got 'a:b'");
        factory.setUsername("ids");
        openAndClose(factory);
    }

    @Test
    void tlsChecksTheHostAlways() {
        TlsSettings tls = new TlsSettings();
        factory.setTls(tls);
        openAndClose(factory);
        tls.setAuthority("zk.example.com");
        assertRefused("tls.verifyHostname and tls.authority must be left out for ZooKeeper");
        tls.setAuthority(null);
        tls.setVerifyHostname(false);
        assertRefused("tls.verifyHostname and tls.authority must be left out for ZooKeeper");
    }

    @Test
    void filesOfTlsMustBeUsable() {
        TlsSettings tls = new TlsSettings();
        tls.setCa("missing.pem");
        factory.setTls(tls);
        assertRefused("tls.ca must be a PEM file of certificates, got 'missing.pem'");
    }

    @Test
    void aPasswordMayBeInAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "s3cret\n");
        factory.setUsername("ids");
        factory.setPasswordFile(file.toString());
        openAndClose(factory);
        factory.setPassword("s3cret");
        assertRefused("only one of password and passwordFile must be set, got both");
    }

    @Test
    void eachSetterChecksItsOwnValue() {
        refused("sessionTimeout must be from 1 ms to 1 h, got PT0S", f -> f.setSessionTimeout(Duration.ZERO));
        refused("connectTimeout must be from 1 ms to 1 h, got PT-1S", f -> f.setConnectTimeout(Duration.ofSeconds(-1)));
        refused("requestTimeout must be from 1 ms to 1 h, got PT24H", f -> f.setRequestTimeout(Duration.ofDays(1)));
        refused(
                "sessionTimeout must be from 1 ms to 1 h, got PT2562047788015215H30M7.999999999S",
                f -> f.setSessionTimeout(ChronoUnit.FOREVER.getDuration()));
        refused("username must not be empty", f -> f.setUsername(""));
        refused("password must not be empty", f -> f.setPassword(""));
        refused("passwordFile must not be empty", f -> f.setPasswordFile(""));
    }

    @Test
    void namesOfNamespacesAndLocksAreChecked() {
        try (NodeCoordinator coordinator = factory.open()) {
            assertThatThrownBy(() -> coordinator.read("a/b")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> coordinator.ledger("")).isInstanceOf(IllegalArgumentException.class);
            for (String name : List.of("a b", "", ".", "..", "a/b")) {
                assertThatThrownBy(() -> coordinator.lock("orders", name))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("lock name must be");
            }
            assertThatCode(() -> coordinator.lock("orders", "node-7")).doesNotThrowAnyException();
        }
    }

    @Test
    void thereIsNoLedger() {
        try (NodeCoordinator coordinator = factory.open()) {
            assertThat(coordinator.ledger("orders")).isEmpty();
        }
    }

    private void login(String user, String password) {
        factory.setUsername(user);
        factory.setPassword(password);
    }

    private AbstractThrowableAssert<?, ?> assertRefused(String message) {
        return assertThatThrownBy(factory::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private AbstractThrowableAssert<?, ?> refused(String message, Consumer<ZooKeeperCoordinatorFactory> change) {
        return assertThatThrownBy(() -> change.accept(factory), message)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static String text(ZooKeeperCoordinatorFactory factory) {
        try (NodeCoordinator coordinator = factory.open()) {
            return coordinator.toString();
        }
    }

    private static void openAndClose(ZooKeeperCoordinatorFactory factory) {
        NodeCoordinator coordinator = factory.open();
        coordinator.close();
        coordinator.close();
    }
}
