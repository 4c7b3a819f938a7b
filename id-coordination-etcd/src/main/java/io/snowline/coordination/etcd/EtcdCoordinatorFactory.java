package io.snowline.coordination.etcd;

import io.etcd.jetcd.Client;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Login;
import io.snowline.coordination.support.Secrets;
import io.snowline.coordination.support.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A factory of coordinators over etcd 3.4 or later: {@code type: etcd}. Not thread-safe; the coordinators that it opens
 * are.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>endpoints</td><td>http://127.0.0.1:2379</td><td>client addresses of the members of one cluster,
 *   {@code http://host[:port]}, or all of them {@code https://}</td></tr>
 * <tr><td>username, password</td><td>none</td><td>the login, if etcd's authentication is on</td></tr>
 * <tr><td>passwordFile</td><td>none</td><td>a file that holds the password; read again after a login that was refused</td></tr>
 * <tr><td>tls</td><td>the JVM's trust</td><td>{@link TlsSettings}, for {@code https://}; the host name is
 *   always verified</td></tr>
 * <tr><td>prefix</td><td>/snowline</td><td>the beginning of all keys but those of traces; a slash follows</td></tr>
 * <tr><td>connectTimeout</td><td>1 s</td><td>how long opening a connection may take</td></tr>
 * <tr><td>requestTimeout</td><td>2 s</td><td>how long an answer may take, including opening a connection and logging
 *   in</td></tr>
 * <tr><td>maxRecordedIds</td><td>1000000</td><td>how many IDs the ledger of a namespace may hold; beyond that recorded
 *   mode issues nothing until some have expired</td></tr>
 * </table>
 *
 * <p>The user needs to read and write the keys that begin with {@code prefix} and a slash, and those of the traces:
 * {@code etcdctl role grant-permission <role> --prefix=true readwrite /snowline/}, and the same with
 * {@code /.snowline-trace/snowline/}. Without the latter, a namespace that is not in etcd counts as lost, not as new.
 * <p>Does not guarantee to notice that a copy of a member's files, or of a machine's disk, was put back, unless a
 * process that had seen a newer state is still running; snapshots restored as etcd's manual says are noticed. For the
 * IDs after a loss to be above all before it, the clocks of processes that know each other only through etcd must
 * differ by no more than the guard, because etcd shows no clock of its own.
 */
public final class EtcdCoordinatorFactory implements NodeCoordinatorFactory {

    private static final Pattern PREFIX = Pattern.compile("[!-~]{0,255}[!-.0-~]");

    private List<String> endpoints = List.of("http://127.0.0.1:2379");
    private @Nullable String username;
    private @Nullable String password;
    private @Nullable String passwordFile;
    private @Nullable TlsSettings tls;
    private String prefix = "/snowline";
    private Duration connectTimeout = Duration.ofSeconds(1);
    private Duration requestTimeout = Duration.ofSeconds(2);
    private long maxRecordedIds = 1_000_000;

    @Override
    public String type() {
        return "etcd";
    }

    @Override
    public NodeCoordinator open() {
        List<Endpoint> parsed = endpoints.stream().map(Endpoint::parse).toList();
        Connector connector = new Connector(
                parsed,
                Login.ofBothOrNeither(username, Secrets.source("password", password, passwordFile)),
                effectiveTls(parsed),
                connectTimeout,
                requestTimeout,
                null);
        return new EtcdCoordinator(new EtcdBackend(connector), prefix, maxRecordedIds);
    }

    /**
     * Makes a coordinator on a client that the program has already, and closes itself. Of this factory's settings {@code prefix}, {@code
     * requestTimeout} and {@code maxRecordedIds} apply, and {@code endpoints}, whose members the health check asks how they are; all
     * others are the client's.
     *
     * <p>The client should not retry, nor wait for a member to become ready, or else a failure is noticed late: {@code
     * Client.builder().waitForReady(false).retryMaxAttempts(0)}. It is never replaced, so how soon it connects again is up to the
     * client as well.
     */
    public NodeCoordinator open(Client client) {
        Connector connector = new Connector(
                endpoints.stream().map(Endpoint::parse).toList(),
                new Login(null, null),
                null,
                connectTimeout,
                requestTimeout,
                client);
        return new EtcdCoordinator(new EtcdBackend(connector), prefix, maxRecordedIds);
    }

    private @Nullable TlsSettings effectiveTls(List<Endpoint> parsed) {
        boolean https = parsed.get(0).tls();
        if (parsed.stream().anyMatch(endpoint -> endpoint.tls() != https)) {
            throw new IllegalArgumentException(
                    "endpoints must all be http or all be https, got " + Endpoint.list(parsed));
        }
        if (!https) {
            if (tls != null) {
                throw new IllegalArgumentException(
                        "tls must be left out where endpoints are http, got " + Endpoint.list(parsed));
            }
            return null;
        }
        TlsSettings settings = tls == null ? new TlsSettings() : tls;
        if (!settings.verifyHostname()) {
            throw new IllegalArgumentException(
                    "tls.verifyHostname must be true for etcd; if its certificates have another name, say tls.authority");
        }
        Connector.context(settings); // fails here if a file cannot be read
        return settings;
    }

    /**
     * Sets the client addresses of the cluster's members.
     *
     * @throws IllegalArgumentException if there is none, or one is not such an address
     */
    public void setEndpoints(List<String> endpoints) {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("endpoints must be at least one, got none");
        }
        endpoints.forEach(Endpoint::parse);
        this.endpoints = List.copyOf(endpoints);
    }

    /**
     * Sets the user to log in as.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setUsername(@Nullable String username) {
        this.username = Secrets.requireNotEmpty("username", username);
    }

    /**
     * Sets the password to log in with.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setPassword(@Nullable String password) {
        this.password = Secrets.requireNotEmpty("password", password);
    }

    /**
     * Sets the file that holds the password to log in with.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setPasswordFile(@Nullable String passwordFile) {
        this.passwordFile = Secrets.requireNotEmpty("passwordFile", passwordFile);
    }

    public void setTls(@Nullable TlsSettings tls) {
        this.tls = tls;
    }

    /**
     * Sets the beginning of all keys but those of traces.
     *
     * @throws IllegalArgumentException if it is not 1 to 256 printable ASCII characters without blanks, or ends with a
     *     slash, or if traces lie below it
     */
    public void setPrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "prefix must be 1 to 256 printable ASCII characters without blanks and not end with '/', got '%s'"
                            .formatted(prefix));
        }
        EtcdKeys.requireApartFromTraces(prefix);
        this.prefix = prefix;
    }

    /**
     * Sets how long opening a connection may take.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setConnectTimeout(Duration connectTimeout) {
        this.connectTimeout = Checks.requireTimeout("connectTimeout", connectTimeout);
    }

    /**
     * Sets how long an answer may take.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setRequestTimeout(Duration requestTimeout) {
        this.requestTimeout = Checks.requireTimeout("requestTimeout", requestTimeout);
    }

    /**
     * Sets how many IDs the ledger of a namespace may hold.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public void setMaxRecordedIds(long maxRecordedIds) {
        if (maxRecordedIds < 1) {
            throw new IllegalArgumentException("maxRecordedIds must be at least 1, got " + maxRecordedIds);
        }
        this.maxRecordedIds = maxRecordedIds;
    }

    @Override
    public String toString() {
        return ("EtcdCoordinatorFactory{endpoints=%s, username=%s, password=%s, tls=%s, prefix=%s, connectTimeout=%s,"
                        + " requestTimeout=%s, maxRecordedIds=%s}")
                .formatted(
                        endpoints,
                        username,
                        Secrets.mask(password),
                        tls,
                        prefix,
                        connectTimeout,
                        requestTimeout,
                        maxRecordedIds);
    }
}
