package io.snowline.coordination.redis;

import io.snowline.coordination.support.Login;
import io.snowline.coordination.support.Secrets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * The {@code sentinel} block: a master that is monitored by Sentinels. Not thread-safe.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>master</td><td>required</td><td>the name under which the Sentinels know the master</td></tr>
 * <tr><td>nodes</td><td>required</td><td>the Sentinels, each {@code host:port}; the port defaults to 26379</td></tr>
 * <tr><td>username, password</td><td>none</td><td>the login at the Sentinels; the login at Redis is outside this block</td></tr>
 * <tr><td>passwordFile</td><td>none</td><td>a file that holds the password</td></tr>
 * </table>
 */
public final class SentinelSettings {

    private static final int DEFAULT_PORT = 26379;

    private String master = "";
    private List<String> nodes = List.of();
    private @Nullable String username;
    private @Nullable String password;
    private @Nullable String passwordFile;

    /**
     * Sets the name under which the Sentinels know the master.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setMaster(String master) {
        if (master.isBlank()) {
            throw new IllegalArgumentException("sentinel.master must be the name of a master, got an empty text");
        }
        this.master = master;
    }

    /**
     * Sets the nodes to ask.
     *
     * @throws IllegalArgumentException if there is none, or one is not {@code host:port}
     */
    public void setNodes(List<String> nodes) {
        RedisUri.addresses("sentinel.nodes", nodes, DEFAULT_PORT);
        this.nodes = List.copyOf(nodes);
    }

    /**
     * Sets the user to log in as.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setUsername(@Nullable String username) {
        this.username = Secrets.requireNotEmpty("sentinel.username", username);
    }

    /**
     * Sets the password to log in with.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setPassword(@Nullable String password) {
        this.password = Secrets.requireNotEmpty("sentinel.password", password);
    }

    /**
     * Sets the file that holds the password to log in with.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public void setPasswordFile(@Nullable String passwordFile) {
        this.passwordFile = Secrets.requireNotEmpty("sentinel.passwordFile", passwordFile);
    }

    @Override
    public String toString() {
        return "{master=%s, nodes=%s, username=%s, password=%s}"
                .formatted(master, nodes, username, Secrets.mask(password));
    }

    /** Returns the addresses, after checking that nothing is missing. */
    List<HostAndPort> addresses() {
        if (master.isEmpty()) {
            throw new IllegalArgumentException("sentinel.master must be set");
        }
        return RedisUri.addresses("sentinel.nodes", nodes, DEFAULT_PORT);
    }

    String master() {
        return master;
    }

    Login login() {
        return Login.withDefaultUser(
                "sentinel.", username, Secrets.source("sentinel.password", password, passwordFile));
    }
}
