package io.snowline.coordination.zookeeper;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Login;
import io.snowline.coordination.support.Secrets;
import io.snowline.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * A factory of coordinators over ZooKeeper 3.6 or later: {@code type: zookeeper}. Not thread-safe; the coordinators
 * that it opens are.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>connectString</td><td>127.0.0.1:2181</td><td>the ensemble's servers, and the znode under which all data lies:
 *   {@code host[:port],host[:port]/chroot}; the chroot must exist</td></tr>
 * <tr><td>username, password</td><td>none</td><td>a user of the digest scheme; znodes are made for this user alone, and
 *   without one for everyone</td></tr>
 * <tr><td>tls</td><td>false</td><td>whether to use TLS; a certificate must then match the host connected to</td></tr>
 * <tr><td>trustStore, trustStorePassword</td><td>the JVM's</td><td>file with the certificates to trust</td></tr>
 * <tr><td>keyStore, keyStorePassword</td><td>none</td><td>file with this client's certificate and key</td></tr>
 * <tr><td>sessionTimeout</td><td>4 s</td><td>a server that is silent for two thirds of it is abandoned for another, and
 *   a connection attempt may take a third of it or less; the ensemble may raise it. Leases do not depend on
 *   it</td></tr>
 * <tr><td>connectTimeout</td><td>3 s</td><td>how long a step may wait for a connection; ZooKeeper's client may pause
 *   for up to two seconds before it tries a server again</td></tr>
 * <tr><td>requestTimeout</td><td>2 s</td><td>how long the answers to a step may take, once there is a connection; after
 *   that the step's outcome is unknown</td></tr>
 * </table>
 *
 * <p>The user needs the permissions create, read and write on {@code /snowline}, {@code /snowline-traces} and
 * everything below them; nothing is ever deleted. If only the traces are inaccessible, the log says so, and a namespace
 * that is not there counts as lost, not as new.
 *
 * <p>Does not guarantee anything against a user who may write or delete these znodes, nor against restoring an old
 * backup, which removes what was reserved since. After a restore, delete {@code /snowline/<namespace>}: a namespace
 * that is gone as a whole, and has left its trace, starts again above everything that may have been issued.
 */
public final class ZooKeeperCoordinatorFactory implements NodeCoordinatorFactory {

    /** Timeout for closing the session, the only request that ZooKeeper's own client sends synchronously. */
    private static final Duration PARTING = Duration.ofMillis(500);

    private static final String SCHEME = "digest";

    private String connectString = "127.0.0.1:2181";
    private @Nullable String username;
    private @Nullable String password;
    private boolean tls;
    private @Nullable String trustStore;
    private @Nullable String trustStorePassword;
    private @Nullable String keyStore;
    private @Nullable String keyStorePassword;
    private Duration sessionTimeout = Duration.ofSeconds(4);
    private Duration connectTimeout = Duration.ofSeconds(3);
    private Duration requestTimeout = Duration.ofSeconds(2);

    @Override
    public String type() {
        return "zookeeper";
    }

    @Override
    public NodeCoordinator open() {
        ConnectString ensemble = ConnectString.parse(connectString);
        Login login = Login.ofBothOrNeither(username, password);
        if (username != null && username.indexOf(':') >= 0) {
            throw new IllegalArgumentException("username must have no ':', got '" + username + "'");
        }
        TlsSettings settings = new TlsSettings(trustStore, trustStorePassword, keyStore, keyStorePassword);
        if (!tls && !settings.isDefault()) {
            throw new IllegalArgumentException("trustStore and keyStore must be left out without TLS; say tls: true");
        }
        ZooKeeperFailures failures = new ZooKeeperFailures("ZooKeeper at " + ensemble, ensemble.chroot(), login);
        ConnectionProbe probe = new ConnectionProbe(ensemble.servers(), tls ? settings : null);
        ZooKeeperSession session = new ZooKeeperSession(
                client(ensemble, login, settings),
                true,
                acl(login),
                failures,
                probe,
                TimeSource.system(),
                connectTimeout,
                requestTimeout);
        return new ZooKeeperCoordinator(session, login);
    }

    /**
     * Makes a coordinator on a client that the program has already, has started, and closes itself. Of this factory's settings
     * {@code connectTimeout}, {@code requestTimeout} and {@code username} apply, all others are the client's: with a user name the
     * znodes that are made are for the user whom the client is logged in as alone, and for everybody without one.
     *
     * <p>Snowline sends its requests through the client's ZooKeeper handle, so the client's retries, namespace and ACL provider do not
     * apply; the chroot of its connect string does.
     */
    public NodeCoordinator open(CuratorFramework client) {
        ConnectString ensemble = ConnectString.parse(client.getZookeeperClient().getCurrentConnectionString());
        Login login = new Login(username, password);
        ZooKeeperSession session = new ZooKeeperSession(
                client,
                false,
                acl(login),
                new ZooKeeperFailures("ZooKeeper at " + ensemble, ensemble.chroot(), login),
                new ConnectionProbe(ensemble.servers(), null),
                TimeSource.system(),
                connectTimeout,
                requestTimeout);
        return new ZooKeeperCoordinator(session, login);
    }

    /** Curator keeps the session and does nothing else: it neither retries nor follows the ensemble's membership. */
    private CuratorFramework client(ConnectString ensemble, Login login, TlsSettings settings) {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, Long.toString(PARTING.toMillis()));
        if (tls) {
            settings.configure(config);
        }
        CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder()
                .connectString(ensemble.forClient())
                .sessionTimeoutMs(Math.toIntExact(sessionTimeout.toMillis()))
                .connectionTimeoutMs(Math.toIntExact(connectTimeout.toMillis()))
                .retryPolicy(new RetryNTimes(0, 0))
                .ensembleTracker(false)
                .zkClientConfig(config);
        if (!login.isNone()) {
            builder.authorization(SCHEME, secret(login));
        }
        return builder.build();
    }

    /**
     * Returns a user of ZooKeeper's digest scheme. A wrong password shows as a missing permission on existing znodes.
     */
    private static byte[] secret(Login login) {
        return (login.username() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns who may use the znodes made under a login: its user alone, or everyone if there is none. */
    private static List<ACL> acl(Login login) {
        return login.isNone() ? ZooDefs.Ids.OPEN_ACL_UNSAFE : ZooDefs.Ids.CREATOR_ALL_ACL;
    }

    /**
     * Sets the ensemble's servers and the chroot.
     *
     * @throws IllegalArgumentException if it is not {@code host[:port],host[:port]/chroot}
     */
    public void setConnectString(String connectString) {
        ConnectString.parse(connectString);
        this.connectString = connectString;
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

    public void setTls(boolean tls) {
        this.tls = tls;
    }

    /**
     * Sets the file with the certificates to trust.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setTrustStore(@Nullable String trustStore) {
        this.trustStore = Secrets.requireNotEmpty("trustStore", trustStore);
    }

    /**
     * Sets the password of the trust store.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setTrustStorePassword(@Nullable String trustStorePassword) {
        this.trustStorePassword = Secrets.requireNotEmpty("trustStorePassword", trustStorePassword);
    }

    /**
     * Sets the file with this client's certificate and key.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setKeyStore(@Nullable String keyStore) {
        this.keyStore = Secrets.requireNotEmpty("keyStore", keyStore);
    }

    /**
     * Sets the password of the key store.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setKeyStorePassword(@Nullable String keyStorePassword) {
        this.keyStorePassword = Secrets.requireNotEmpty("keyStorePassword", keyStorePassword);
    }

    /**
     * Sets how long a session outlives its connection.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setSessionTimeout(Duration sessionTimeout) {
        this.sessionTimeout = Checks.requireTimeout("sessionTimeout", sessionTimeout);
    }

    /** Refuses the former name of {@link #setConnectTimeout}. */
    @SuppressWarnings("DoNotCallSuggester") // a configuration calls it
    public void setConnectionTimeout(Duration value) {
        throw new IllegalArgumentException(
                "connectionTimeout is called connectTimeout now, got connectionTimeout: " + value);
    }

    /**
     * Sets how long a step may wait for a connection.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setConnectTimeout(Duration connectTimeout) {
        this.connectTimeout = Checks.requireTimeout("connectTimeout", connectTimeout);
    }

    /**
     * Sets how long the answers to a step may take.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setRequestTimeout(Duration requestTimeout) {
        this.requestTimeout = Checks.requireTimeout("requestTimeout", requestTimeout);
    }

    @Override
    public String toString() {
        return "ZooKeeperCoordinatorFactory{connectString=%s, username=%s, password=%s, tls=%s, sessionTimeout=%s}"
                .formatted(connectString, username, Secrets.mask(password), tls, sessionTimeout);
    }
}
