package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.observed.Member.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.client.ZKClientConfig;

/** A session at exactly one server; every call in it ends by a common deadline. */
final class Session implements AutoCloseable {
    private static final int SESSION_MILLIS = 4_000;
    private static final int CLOSE_MILLIS = 1_000;

    private final ZooKeeperAdmin client;
    private final long end;

    private Session(ZooKeeperAdmin client, long end) {
        this.client = client;
        this.end = end;
    }

    /**
     * Opens a session.
     *
     * @param end the deadline for all calls of the session, by {@link System#nanoTime}
     * @throws IOException if the server grants no session in that time
     */
    static Session open(HostPort server, long end) throws IOException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        // Without this timeout, a call waits forever for a server that does not answer.
        config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, Long.toString(Math.max(1, millisUntil(end))));
        ZooKeeperAdmin client = new ZooKeeperAdmin(
                server.toString(),
                SESSION_MILLIS,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                config);
        Session session = new Session(client, end);
        boolean open = false;
        try {
            open = connected.await(millisUntil(end), TimeUnit.MILLISECONDS);
        } finally {
            if (!open) {
                session.close();
            }
        }
        if (!open) {
            throw new IOException("session not established before the deadline");
        }
        return session;
    }

    /** Syncs the server with everything that the leader has committed. */
    void sync(String path) throws KeeperException, InterruptedException, IOException {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger code = new AtomicInteger();
        AsyncCallback.VoidCallback callback = (result, at, context) -> {
            code.set(result);
            done.countDown();
        };
        client.sync(path, callback, null);
        if (!done.await(millisUntil(end), TimeUnit.MILLISECONDS)) {
            throw new IOException("sync with the leader not completed before the deadline");
        }
        if (code.get() != Code.OK.intValue()) {
            throw KeeperException.create(Code.get(code.get()), path);
        }
    }

    /** Returns the znode of the sanity test, to be written and read in this session. */
    SanityZnode znode(String path) {
        return new SanityZnode(client, path);
    }

    /**
     * Offers passwords of the super user. A server ignores a password that is not its own, so all of them may be
     * offered. It is not an error if no password matches: operations that need the super user are then refused.
     */
    void authenticate(List<String> passwords) {
        for (String password : passwords) {
            client.addAuthInfo("digest", ("super:" + password).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Changes the membership.
     *
     * @param from the version that the committed membership must have
     */
    void reconfigure(ReconfigRequest change, long from) throws KeeperException, InterruptedException {
        if (change instanceof ReconfigRequest.Whole whole) {
            client.reconfigure(null, null, whole.members(), from, null);
        } else if (change instanceof ReconfigRequest.Incremental some) {
            client.reconfigure(some.joining(), some.leaving(), null, from, null);
        }
    }

    /** Returns the committed membership as this server has it. */
    byte[] config() throws KeeperException, InterruptedException {
        return client.getConfig(false, null);
    }

    private static long millisUntil(long end) {
        return Duration.ofNanos(end - System.nanoTime()).toMillis();
    }

    @Override
    public void close() {
        try {
            client.close(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
