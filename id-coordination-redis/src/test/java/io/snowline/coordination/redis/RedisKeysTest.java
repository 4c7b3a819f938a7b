package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.util.JedisClusterCRC16;

class RedisKeysTest {

    private final RedisKeys keys = new RedisKeys("orders");

    @Test
    void keysAreNamedAsTheDocumentationSays() {
        assertThat(keys.records()).isEqualTo("id_gen:{orders}");
        assertThat(keys.ledger(7244000000000000123L)).isEqualTo("id_gen:{orders}:7244000000000000123");
        assertThat(keys.lock("node-7")).isEqualTo("id_gen_lock:{orders}:node-7");
    }

    @Tag("T34")
    @Test
    void allKeysOfANamespaceLieInOneSlotOfACluster() {
        assertThat(JedisClusterCRC16.getSlot(keys.ledger(1)))
                .isEqualTo(JedisClusterCRC16.getSlot(keys.records()))
                .isEqualTo(JedisClusterCRC16.getSlot(keys.lock("x")));
    }

    @Test
    void aNodesFieldIsReadBack() {
        assertThat(RedisKeys.nodeOf(RedisKeys.nodeField(1023))).isEqualTo(OptionalInt.of(1023));
        assertThat(RedisKeys.nodeOf("node:0")).isEqualTo(OptionalInt.of(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"namespace", "node:", "node:-1", "node:01", "node:x", "node:2147483648", "Node:1", "node:1 "})
    void otherFieldsAreNoNodes(String field) {
        assertThat(RedisKeys.nodeOf(field)).isEmpty();
    }
}
