package io.snowline.server.config;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.snowline.server.threads.ConnectorThreads;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/** Dropwizard's connector of type {@code http}, with {@link ConnectorThreads}. Not thread-safe. */
@JsonTypeName("http")
public final class HttpConnector extends HttpConnectorFactory {

    @Override
    protected ServerConnector buildConnector(
            Server server,
            Scheduler scheduler,
            ByteBufferPool bufferPool,
            String name,
            @Nullable ThreadPool threadPool,
            ConnectionFactory... factories) {
        return super.buildConnector(
                server, scheduler, bufferPool, name, ConnectorThreads.of(server, threadPool), factories);
    }
}
