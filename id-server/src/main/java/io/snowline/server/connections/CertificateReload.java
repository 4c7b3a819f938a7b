package io.snowline.server.connections;

import io.dropwizard.jetty.SslReload;
import io.snowline.server.access.FileContents;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uses other certificates as soon as their files have changed; connections that are open keep the old ones. While the
 * files do not fit together, the old certificates remain in use, and the log says so once. Not thread-safe.
 */
public final class CertificateReload implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateReload.class);

    private final List<Path> files;
    private final FileContents contents;
    private volatile Collection<SslReload> reloads = List.of();

    /** @param files key stores or PEM files; if there are none, nothing is done */
    public CertificateReload(List<Path> files) {
        this.files = List.copyOf(files);
        this.contents = new FileContents(files);
    }

    /** Looks after the connectors of a server that is about to start. */
    public void apply(Server server) {
        reloads = server.getBeans(SslReload.class);
    }

    @Override
    public void run() {
        if (!files.isEmpty() && contents.changed()) {
            reload();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // Jetty declares Exception, and a file that is broken has many
    private void reload() {
        try {
            for (SslReload reload : reloads) {
                reload.reloadDryRun(); // a failure in earnest would leave the connector without any
            }
            for (SslReload reload : reloads) {
                reload.reload();
            }
            LOG.info("New connections get the certificates that are now in {}", files);
        } catch (Exception e) {
            LOG.warn("The certificates stay as they are, since those in {} cannot be used: {}", files, e.toString());
        }
    }
}
