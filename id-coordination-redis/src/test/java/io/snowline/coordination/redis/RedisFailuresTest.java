package io.snowline.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.UnreadableRecordException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.NoSuchElementException;
import javax.net.ssl.SSLException;
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

    private static final Peer SINGLE = Peer.single(RedisUri.parse("redis://h:1"));
    private static final Peer TLS = Peer.single(RedisUri.parse("rediss://h:1"));
    private static final Peer SENTINEL = Peer.sentinel("Redis master 'm' of the Sentinels at s:2", "s:2", false);
    private static final Peer MASTER = Peer.master("Redis master 'm' of the Sentinels at s:2", "h:1", false);

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
        assertUnavailable(
                moved,
                "Redis at redis://h:1 is a node of a Redis Cluster; name it in cluster.nodes, not in uri: MOVED 1 h:2");
        assertThat(RedisFailures.explain(moved, MASTER, true))
                .hasMessage(
                        "Redis master 'm' of the Sentinels at s:2: the master at h:1 cannot serve now: MOVED 1 h:2");
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
                    NOAUTH Authentication required.                               | wants a login
                    ERR invalid password                                          | refused the login
                    NOPERM this user has no permissions to run the 'info' command | +info
                    ERR The user executing the script can't run this command      | +info
                    ERR The user executing the script can't access at least one of the keys | ~id_gen:*
                    ERR unknown command 'EVAL', with args beginning with: '-- x' 1 | lacks a command that Snowline's scripts need
                    ERR Unknown Redis command called from script                   | lacks a command that Snowline's scripts need
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

    @Test
    void whoRefusedIsNamedAndTheKeyThatMendsIt() {
        JedisException wrong = new JedisAccessControlException("WRONGPASS invalid username-password pair");
        assertThat(RedisFailures.explain(wrong, SENTINEL, false))
                .hasMessage("Redis master 'm' of the Sentinels at s:2: the Sentinel at s:2 refused the login: WRONGPASS"
                        + " invalid username-password pair; check sentinel.username and sentinel.password");
        assertThat(RedisFailures.explain(wrong, MASTER, false))
                .hasMessage("Redis master 'm' of the Sentinels at s:2: the master at h:1 refused the login: WRONGPASS"
                        + " invalid username-password pair; check username and password");
        assertThat(RedisFailures.explain(new JedisAccessControlException("NOPERM no"), SENTINEL, false))
                .hasMessageEndingWith(
                        "the Sentinel at s:2 refused a command to this user: NOPERM no; it needs +sentinel|get-master-addr-by-name");
        assertThat(RedisFailures.explain(new JedisConnectionException("Connection refused"), MASTER, false))
                .hasMessageEndingWith(
                        "the master at h:1 did not answer: Connection refused; if it has another address for this process, give that in addresses");
        assertThat(RedisFailures.explain(new JedisConnectionException("Unknown reply: H"), MASTER, true))
                .hasMessageEndingWith(
                        "the master at h:1 answers as no Redis does: Unknown reply: H; if it has another address for this process, give that in addresses");
    }

    @Test
    void aServerThatHasAnsweredBeforeIsAtTheRightAddressAndSpeaksTheRightProtocol() {
        for (String silence : List.of("Connection refused", "Connection reset", "Read timed out")) {
            for (Peer peer : List.of(SINGLE, TLS, MASTER)) {
                assertThat(RedisFailures.explain(new JedisConnectionException(silence), peer, true))
                        .hasMessage("%s did not answer: %s", peer, silence);
            }
        }
        assertThat(RedisFailures.explain(new JedisConnectionException("Connection reset"), SINGLE, false))
                .hasMessage(
                        "Redis at redis://h:1 did not answer: Connection reset; if it speaks TLS only, say rediss:// or give a tls block");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Received fatal alert: certificate_required                    | if it wants a client certificate, set tls.certificate and tls.key, or tls.keyStore
                    unable to find valid certification path to requested target   | its certificate is not trusted: set tls.ca or tls.trustStore
                    No subject alternative names matching IP address 127.0.0.1 found | let Sentinels or the Cluster announce host names (resolve-hostnames and announce-hostnames, cluster-announce-hostname), or set tls.verifyHostname: false
                    Unsupported or unrecognized SSL message                       | if it speaks no TLS, say redis:// or leave out tls
                    """)
    void whatTlsLacksIsSaid(String reason, String advice) {
        assertThat(RedisFailures.explain(new JedisConnectionException(new SSLException(reason)), TLS, false))
                .hasMessageStartingWith("Redis at rediss://h:1 did not answer: " + reason + "; ")
                .hasMessageEndingWith(advice);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WRONGTYPE Operation against a key holding the wrong kind of value script: 1, on @user_script:1.",
                "ERR Error running script (call to f_1): @user_script:3: WRONGTYPE Operation against a key holding the"
                        + " wrong kind"
            })
    void aKeyOfAnotherTypeIsUnreadable(String reply) {
        assertThat(RedisFailures.explain(new JedisDataException(reply), SINGLE, false, "id_gen:{orders}"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith(
                        "key id_gen:{orders} of Redis at redis://h:1 holds something that is not Snowline's");
    }

    private void assertUnavailable(JedisException failure, String message) {
        assertThat(RedisFailures.explain(failure, SINGLE, false, "key"))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message)
                .hasCause(failure);
    }
}
