package io.snowline.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServerAddressTest {

    @Test
    void theLabelIsHostAndPort() {
        assertThat(new ServerAddress(server("127.0.0.1", 1234)).label().orElseThrow())
                .endsWith(":1234");
    }

    @Test
    void aPortChosenAtStartMakesNoLabel() {
        assertThat(new ServerAddress(server("127.0.0.1", 0)).label()).isEmpty();
    }

    @Test
    void onlyTheLoopbackInterfaceIsNotExposed() {
        assertThat(new ServerAddress(server("127.0.0.1", 1)).exposed()).isFalse();
        assertThat(new ServerAddress(server("::1", 1)).exposed()).isFalse();
        assertThat(new ServerAddress(server("0.0.0.0", 1)).exposed()).isTrue();
        assertThat(new ServerAddress(server(null, 1)).exposed()).isTrue();
    }

    @Test
    void theSimpleServerHasAnAddressToo() {
        SimpleServerFactory simple = new SimpleServerFactory();

        assertThat(new ServerAddress(simple).label().orElseThrow()).endsWith(":8080");
        assertThat(new ServerAddress(simple).exposed()).isTrue();
    }

    private static DefaultServerFactory server(@Nullable String host, int port) {
        HttpConnectorFactory connector = new HttpConnectorFactory();
        connector.setPort(port);
        connector.setBindHost(host);
        DefaultServerFactory server = new DefaultServerFactory();
        server.setApplicationConnectors(List.of(connector));
        return server;
    }
}
