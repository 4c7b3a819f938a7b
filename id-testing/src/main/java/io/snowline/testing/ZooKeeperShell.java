package io.snowline.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/** A client that reads and writes without the coordinator, as an operator would. Thread-safe. */
public final class ZooKeeperShell implements AutoCloseable {

    private final CuratorFramework client;

    private ZooKeeperShell(CuratorFramework client) {
        this.client = client;
    }

    /** Connects without a login. */
    public static ZooKeeperShell to(String connectString) {
        return started(builder(connectString));
    }

    /** Connects as a user of the digest scheme. */
    public static ZooKeeperShell to(String connectString, String user, String password) {
        return started(builder(connectString)
                .authorization("digest", (user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    private static CuratorFrameworkFactory.Builder builder(String connectString) {
        return CuratorFrameworkFactory.builder().connectString(connectString).retryPolicy(new RetryNTimes(50, 100));
    }

    private static ZooKeeperShell started(CuratorFrameworkFactory.Builder builder) {
        CuratorFramework client = builder.ensembleTracker(false).build();
        client.start();
        return new ZooKeeperShell(client);
    }

    /** Returns a znode's data as text. */
    public String read(String path) {
        return run(() -> new String(client.getData().forPath(path), StandardCharsets.UTF_8));
    }

    public void write(String path, String text) {
        run(() -> client.setData().forPath(path, text.getBytes(StandardCharsets.UTF_8)));
    }

    public void create(String path, String text) {
        run(() -> client.create().creatingParentsIfNeeded().forPath(path, text.getBytes(StandardCharsets.UTF_8)));
    }

    public void delete(String path) {
        run(() -> client.delete().deletingChildrenIfNeeded().forPath(path));
    }

    public List<String> children(String path) {
        return run(() -> client.getChildren().forPath(path));
    }

    public boolean exists(String path) {
        return run(() -> client.checkExists().forPath(path) != null);
    }

    public Stat stat(String path) {
        return run(() -> client.checkExists().forPath(path));
    }

    public List<ACL> acl(String path) {
        return run(() -> client.getACL().forPath(path));
    }

    public void setAcl(String path, List<ACL> acl) {
        run(() -> client.setACL().withACL(acl).forPath(path));
    }

    @Override
    public void close() {
        client.close();
    }

    private interface Action<T> {
        T run() throws Exception;
    }

    private static <T> T run(Action<T> action) {
        try {
            return action.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
