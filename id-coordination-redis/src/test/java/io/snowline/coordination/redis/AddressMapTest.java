package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.HostAndPort;

class AddressMapTest {

    private final AddressMap map = AddressMap.of(Map.of(
            "172.18.0.5:6379", "127.0.0.1:7001", "172.18.0.5", "nat.example.com", "[fd00::5]:6379", "[::1]:7002"));

    @ParameterizedTest
    @CsvSource({
        "172.18.0.5, 6379, 127.0.0.1,       7001",
        "172.18.0.5, 6380, nat.example.com, 6380",
        "fd00::5,    6379, ::1,             7002",
        "172.18.0.6, 6379, 172.18.0.6,      6379"
    })
    void anAddressLeadsToItsOwnEntryBeforeThatOfItsHost(String host, int port, String reachedHost, int reachedPort) {
        assertThat(map.reach(new HostAndPort(host, port))).isEqualTo(new HostAndPort(reachedHost, reachedPort));
    }

    @ParameterizedTest
    @CsvSource({"h:1, g", "h, g:1", "h:0, g:1", "h:99999, g:1", "h:1, g h:1"})
    void whatIsNoPairOfAddressesIsRefused(String announced, String reachable) {
        assertThatThrownBy(() -> new RedisCoordinatorFactory().setAddresses(Map.of(announced, reachable)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("addresses must ");
    }

    @Test
    void aSingleServerIsWhereItsUriSays() {
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setAddresses(Map.of("h:1", "g:1"));
        assertThatThrownBy(factory::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("addresses must be left out for a single server; uri says where it is, got {h:1=g:1}");
    }
}
