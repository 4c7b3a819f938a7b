package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.snowline.coordination.CoordinatorUnavailableException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EtcdFailuresTest {

    private static final System.Logger LOG = System.getLogger(EtcdFailuresTest.class.getName());

    private final EtcdFailures failures = new EtcdFailures("etcd at http://h:1", "ids", Duration.ofMillis(500));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PERMISSION_DENIED  | etcdserver: permission denied                                 | refused user 'ids'
                    INVALID_ARGUMENT   | etcdserver: authentication failed, invalid user ID or password | refused the login of user 'ids'
                    INVALID_ARGUMENT   | etcdserver: user name is empty                                | refused the login of user 'ids'
                    RESOURCE_EXHAUSTED | etcdserver: mvcc: database space exceeded                     | is full and takes no writes
                    UNAVAILABLE        | etcdserver: leader changed                                    | cannot serve now
                    UNIMPLEMENTED      | HTTP status code 404                                          | did not answer as etcd does
                    UNAVAILABLE        | Network closed for unknown reason                             | did not answer as etcd does
                    UNAVAILABLE        | somewhere else                                                | did not answer: somewhere else
                    """)
    void whatTheOperatorMustDoIsSaid(Status.Code code, String description, String advice) {
        Exception failure = new ExecutionException(
                Status.fromCode(code).withDescription(description).asRuntimeException());
        assertUnavailable(failure, "etcd at http://h:1 " + advice);
        assertUnavailable(failure, description);
    }

    @Test
    void silenceIsTold() {
        String late = "etcd at http://h:1 did not answer within requestTimeout, 500 ms";
        assertUnavailable(new TimeoutException(), late);
        assertUnavailable(new ExecutionException(Status.DEADLINE_EXCEEDED.asRuntimeException()), late);
    }

    @Test
    void theInnermostReasonIsTold() {
        assertUnavailable(
                Status.UNAVAILABLE
                        .withDescription("io exception")
                        .withCause(new ConnectException("Connection refused"))
                        .asRuntimeException(),
                "etcd at http://h:1 did not answer: Connection refused");
        assertUnavailable(
                Status.UNAVAILABLE
                        .withDescription("io exception")
                        .withCause(new IOException("Connection reset by peer"))
                        .asRuntimeException(),
                "etcd at http://h:1 did not answer as etcd does: Connection reset by peer; check endpoints");
        assertUnavailable(
                Status.UNAVAILABLE
                        .withCause(new SSLHandshakeException("no path"))
                        .asRuntimeException(),
                "etcd at http://h:1 could not be trusted, or does not trust us: no path; check tls.ca");
    }

    @Test
    void aServerThatHasAnsweredBeforeSpeaksTheRightProtocol() {
        for (String hungUp : List.of("Connection reset by peer", "Network closed for unknown reason")) {
            assertThat(failures.explain(
                            Status.UNAVAILABLE.withDescription(hungUp).asRuntimeException(), true))
                    .hasMessage("etcd at http://h:1 did not answer: " + hungUp);
        }
    }

    @Test
    void aConnectionThatIsResetMayBeOfTheWrongKind() throws Exception {
        CompletableFuture<Void> resetting;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Coordination coordination = Coordination.open(factory -> {
                    factory.setEndpoints(List.of("http://127.0.0.1:" + server.getLocalPort()));
                    factory.setRequestTimeout(Coordination.PATIENCE);
                })) {
            resetting = CompletableFuture.runAsync(() -> resetEach(server));
            assertThatThrownBy(coordination::read)
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageMatching("etcd at .* did not answer as etcd does: (Connection reset|Network closed).*")
                    .hasMessageContaining("; check endpoints, and whether they are http or https");
        }
        resetting.get(10, TimeUnit.SECONDS);
    }

    /** Accepts connections until the server is closed, and resets each when it has sent something, or has ended. */
    private static void resetEach(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                connection.setSoLinger(true, 0);
                connection.getInputStream().readNBytes(1);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "the server was closed, or the client was quicker", e);
            }
        }
    }

    private void assertUnavailable(Exception failure, String message) {
        assertThat(failures.explain(failure, false))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message)
                .hasCause(failure);
    }
}
