package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

class RedisUriTest {

    @Test
    void aBareHostHasTheDefaultPortAndNothingElse() {
        assertThat(RedisUri.parse("redis://localhost"))
                .isEqualTo(new RedisUri(false, new HostAndPort("localhost", 6379), null, null, null));
    }

    @Test
    void everyPartIsRead() {
        assertThat(RedisUri.parse("rediss://ids:p%40ss%3A%2Bword@redis.example.com:6380/2"))
                .isEqualTo(new RedisUri(true, new HostAndPort("redis.example.com", 6380), "ids", "p@ss:+word", 2));
    }

    @Test
    void aPasswordMayStandWithoutAUserAndAUserWithoutAPassword() {
        assertThat(RedisUri.parse("redis://:secret@h"))
                .returns(null, RedisUri::user)
                .returns("secret", RedisUri::password);
        assertThat(RedisUri.parse("redis://ids@h"))
                .returns("ids", RedisUri::user)
                .returns(null, RedisUri::password);
    }

    @Test
    void plusIsAPlusAndNoBlank() {
        assertThat(RedisUri.parse("redis://:a+b@h").password()).isEqualTo("a+b");
    }

    @ParameterizedTest
    @CsvSource({"redis://my_redis:1, my_redis", "redis://[::1]:1, ::1", "REDIS://10.0.0.1:1/, 10.0.0.1"})
    void hostsAreTakenAsTheyAre(String uri, String host) {
        assertThat(RedisUri.parse(uri).address()).isEqualTo(new HostAndPort(host, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:6379",
                "http://localhost",
                "redis://",
                "redis://:6379",
                "redis://h:0",
                "redis://h:65536",
                "redis://h:port",
                "redis://h/db",
                "redis://h/-1",
                "redis://h/1/2",
                "redis://h?db=1",
                "redis://a/b@h",
                "redis://%zz@h",
                "redis://h h"
            })
    void anythingElseIsRefused(String uri) {
        assertThatThrownBy(() -> RedisUri.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("uri must");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://ids:s3cret@h:port",
                "redis://ids:s3cret@h/x",
                "redis://:s3cret@",
                "redis//ids:s3cret@h",
                "ids:s3cret@h",
                "redis://ids:a@s3cret@h h",
                "redis://ids:s3cret%zz@h",
                "redis://ids:s3cret"
            })
    void aRefusalShowsNoPassword(String uri) {
        assertThatThrownBy(() -> RedisUri.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void itsTextHasNoLogin() {
        assertThat(RedisUri.parse("rediss://ids:s3cret@h:1/2")).hasToString("rediss://h:1/2");
        assertThat(RedisUri.parse("redis://[::1]:7000")).hasToString("redis://[::1]:7000");
    }
}
