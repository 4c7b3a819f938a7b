package io.snowline.coordination.zookeeper;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Login;
import io.snowline.coordination.support.Secrets;
import io.snowline.coordination.support.TlsSettings;
import io.snowline.coordination.support.TlsSettings.StoreFile;
import io.snowline.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
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
 * <tr><td>passwordFile</td><td>none</td><td>a file that holds the password</td></tr>
 * <tr><td>tls</td><td>none</td><td>{@link TlsSettings}, for the ensemble's secure port; a certificate must match the
 *   host connected to. {@code certificate} and {@code key} are read once, the other files for every
 *   connection</td></tr>
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
    private @Nullable String passwordFile;
    private @Nullable TlsSettings tls;
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
        Login login = Login.ofBothOrNeither(username, Secrets.source("password", password, passwordFile));
        if (username != null && username.indexOf(':') >= 0) {
            throw new IllegalArgumentException("username must have no ':', got '" + username + "'");
        }
        ZooKeeperFailures failures = new ZooKeeperFailures("ZooKeeper at " + ensemble, ensemble.chroot(), login);
        ConnectionProbe probe = new ConnectionProbe(ensemble.servers(), tls);
        ZooKeeperSession session = new ZooKeeperSession(
                client(ensemble, login),
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
    private CuratorFramework client(ConnectString ensemble, Login login) {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, Long.toString(PARTING.toMillis()));
        if (tls != null) {
            secure(config, tls);
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
     * Turns TLS on. ZooKeeper's client reads files only; that a certificate must match its host cannot be turned off, as
     * Netty 4.2 checks it whatever ZooKeeper's client is told.
     *
     * @throws IllegalArgumentException if a file cannot be read, or a setting cannot be met
     */
    private static void secure(ZKClientConfig config, TlsSettings tls) {
        if (!tls.verifyHostname() || tls.authority() != null) {
            throw new IllegalArgumentException("tls.verifyHostname and tls.authority must be left out for ZooKeeper:"
                    + " its client always checks the name of the host connected to");
        }
        config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
        config.setProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
        StoreFile trust = tls.trustFile();
        StoreFile identity = tls.identityFile();
        try (ClientX509Util names = new ClientX509Util()) {
            if (trust != null) {
                config.setProperty(names.getSslTruststoreLocationProperty(), trust.path());
                config.setProperty(names.getSslTruststoreTypeProperty(), trust.type());
                config.setProperty(names.getSslTruststorePasswdProperty(), trust.password());
            }
            if (identity != null) {
                config.setProperty(names.getSslKeystoreLocationProperty(), identity.path());
                config.setProperty(names.getSslKeystoreTypeProperty(), identity.type());
                config.setProperty(names.getSslKeystorePasswdProperty(), identity.password());
            }
        }
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
     * Sets how long a session outlives its connection.
     *
     * @throws IllegalArgumentException if it is not from 1 ms to 1 h
     */
    public void setSessionTimeout(Duration sessionTimeout) {
        this.sessionTimeout = Checks.requireTimeout("sessionTimeout", sessionTimeout);
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
