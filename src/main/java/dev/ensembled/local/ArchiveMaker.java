package dev.ensembled.local;

import dev.ensembled.zookeeper.ServerProbe;
import java.io.IOException;
import org.jboss.logging.Logger;

/** Makes the class archive in the background, after a delay in which the first servers have the processors to themselves. */
final class ArchiveMaker implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ArchiveMaker.class);
    private static final long AFTER_MILLIS = 8_000;

    private final Thread thread;

    ArchiveMaker(ClassArchive archive, PortBook ports, ServerProbe probe) {
        this.thread = new Thread(() -> make(archive, ports, probe), "class-archive");
        this.thread.setDaemon(true);
    }

    private static void make(ClassArchive archive, PortBook ports, ServerProbe probe) {
        if (archive.ready().isPresent()) {
            return;
        }
        try {
            Thread.sleep(AFTER_MILLIS);
            archive.make(ports.spare(), probe);
        } catch (IOException | RuntimeException e) {
            LOG.warnf("no class archive, servers start without one error=%s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void start() {
        thread.start();
    }

    /** Cancels the work, and waits up to 2 s until the server that was started for the archive has ended. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
