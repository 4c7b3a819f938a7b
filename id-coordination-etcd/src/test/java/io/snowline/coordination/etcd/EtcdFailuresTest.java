package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.snowline.coordination.CoordinatorUnavailableException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EtcdFailuresTest {

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
                        .withCause(new SSLHandshakeException("no path"))
                        .asRuntimeException(),
                "etcd at http://h:1 could not be trusted, or does not trust us: no path; check tls.ca");
    }

    private void assertUnavailable(Exception failure, String message) {
        assertThat(failures.explain(failure))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(message)
                .hasCause(failure);
    }
}
