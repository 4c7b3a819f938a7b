package io.snowline.server.threads;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a connector. When a request is answered on another thread than the one that read it, Jetty wakes a
 * thread to look for the connection's next request. Here the answering thread looks for itself, unless handling that
 * request might block it.
 *
 * <p>Thread-safe.
 */
public final class ConnectorThreads implements ThreadPool, TryExecutor {

    private final Server server;
    private final ThreadPool pool;
    private final TryExecutor direct;

    private ConnectorThreads(Server server, ThreadPool pool) {
        this.server = server;
        this.pool = pool;
        this.direct = TryExecutor.asTryExecutor(pool);
    }

    /**
     * Returns the threads of a connector.
     *
     * @param server asked whether its handlers may block
     * @param own the connector's own pool, which is returned as it is; the server's pool, or null, if it has none
     */
    public static ThreadPool of(Server server, @Nullable ThreadPool own) {
        ThreadPool shared = server.getThreadPool();
        return own == null || own == shared ? new ConnectorThreads(server, shared) : own;
    }

    @Override
    public void execute(Runnable task) {
        if (!(task instanceof Connection) || mayBlock() || !DeferredTasks.add(task)) {
            pool.execute(task);
        }
    }

    private boolean mayBlock() {
        return server.getInvocationType() != Invocable.InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean tryExecute(Runnable task) {
        return direct.tryExecute(task);
    }

    @Override
    public void join() throws InterruptedException {
        pool.join();
    }

    @Override
    public int getThreads() {
        return pool.getThreads();
    }

    @Override
    public int getIdleThreads() {
        return pool.getIdleThreads();
    }

    @Override
    public boolean isLowOnThreads() {
        return pool.isLowOnThreads();
    }
}
