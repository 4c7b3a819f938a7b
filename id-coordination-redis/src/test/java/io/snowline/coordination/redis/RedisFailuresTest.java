package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.UnreadableRecordException;
import java.net.SocketTimeoutException;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisClusterException;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

class RedisFailuresTest {

    private final RedisFailures failures = new RedisFailures("Redis at redis://h:1");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "READONLY You can't write against a read only replica.",
                "ERR Error running script (call to f_1): @user_script:30: -READONLY You can't write against a read"
                        + " only replica.",
                "LOADING Redis is loading the dataset in memory",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."
            })
    void aServerThatIsNoMasterLeadsAstray(String reply) {
        JedisDataException failure = new JedisDataException(reply);
        assertThat(RedisFailures.leadsAstray(failure)).isTrue();
        assertUnavailable(failure, "Redis at redis://h:1 cannot serve now: " + reply);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRYAGAIN Multiple keys request during rehashing of slot",
                "BUSY Redis is busy running a script.",
                "OOM command not allowed when used memory > 'maxmemory'.",
                "NOREPLICAS Not enough good replicas to write.",
                "MISCONF Redis is configured to save RDB snapshots"
            })
    void aMasterThatCannotServeNowIsStillTheMaster(String reply) {
        JedisDataException failure = new JedisDataException(reply);
        assertThat(RedisFailures.leadsAstray(failure)).isFalse();
        assertUnavailable(failure, "Redis at redis://h:1 cannot serve now: " + reply);
    }

    @Test
    void aClusterThatIsDownOrHasMovedASlotLeadsAstray() {
        JedisException down = new JedisClusterException("CLUSTERDOWN The cluster is down");
        JedisException moved = new JedisMovedDataException("MOVED 1 h:2", new HostAndPort("h", 2), 1);
        assertThat(RedisFailures.leadsAstray(down)).isTrue();
        assertThat(RedisFailures.leadsAstray(moved)).isTrue();
        assertUnavailable(down, "CLUSTERDOWN");
        assertUnavailable(moved, "MOVED 1 h:2");
    }

    @Test
    void aTimeoutIsNamedAndLeadsAstray() {
        JedisException failure = new JedisConnectionException(new SocketTimeoutException("Read timed out"));
        assertThat(RedisFailures.leadsAstray(failure)).isTrue();
        assertUnavailable(failure, "Redis at redis://h:1 did not answer: Read timed out");
    }

    @Test
    void whatHappenedToEachAddressIsFoundWhereJedisHidesIt() {
        JedisException refused = new JedisConnectionException("Failed to connect to h:1.");
        refused.addSuppressed(new java.net.ConnectException("Connection refused"));
        JedisException cluster = new JedisClusterOperationException("Could not initialize cluster slots cache.");
        cluster.addSuppressed(refused);
        assertUnavailable(refused, "did not answer: Connection refused");
        assertUnavailable(cluster, "did not answer: Connection refused");
        assertUnavailable(new JedisException(new NoSuchElementException()), "did not answer: NoSuchElementException");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    WRONGPASS invalid username-password pair or user is disabled. | refused the login
                    NOAUTH Authentication required.                               | refused the login
                    ERR invalid password                                          | refused the login
                    NOPERM this user has no permissions to run the 'info' command | +info
                    ERR The user executing the script can't run this command      | +info
                    ERR The user executing the script can't access at least one of the keys | ~id_gen:*
                    NOIDENTITY INFO shows no run_id or no master_replid            | does not show its identity
                    """)
    void whatTheOperatorMustDoIsSaid(String reply, String advice) {
        JedisDataException failure = reply.startsWith("ERR") || reply.startsWith("NOID")
                ? new JedisDataException(reply)
                : new JedisAccessControlException(reply);
        assertThat(RedisFailures.leadsAstray(failure)).isFalse();
        assertUnavailable(failure, reply.strip());
        assertUnavailable(failure, advice);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WRONGTYPE Operation against a key holding the wrong kind of value script: 1, on @user_script:1.",
                "ERR Error running script (call to f_1): @user_script:3: WRONGTYPE Operation against a key holding the"
                        + " wrong kind"
            })
    void aKeyOfAnotherTypeIsUnreadable(String reply) {
        assertThat(failures.explain(new JedisDataException(reply), "id_gen:{orders}"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith(
                        "key id_gen:{orders} of Redis at redis://h:1 holds something that is not Snowline's");
    }

    private void assertUnavailable(JedisException failure, String message) {
        assertThat(failures.explain(failure, "key"))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message)
                .hasCause(failure);
    }
}
