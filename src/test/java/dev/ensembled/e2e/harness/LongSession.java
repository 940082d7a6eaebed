package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.Stat;

/** A typical client: one session with one server, and an ephemeral znode. */
public final class LongSession implements AutoCloseable {
    private static final int SESSION_MILLIS = 15_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final String path = "/session-" + UUID.randomUUID();
    private final AtomicBoolean expired = new AtomicBoolean();
    private final ZooKeeper handle;
    private long id;

    private LongSession(String address) throws IOException {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, "5000");
        handle = new ZooKeeper(
                address + ":2181",
                SESSION_MILLIS,
                event -> {
                    if (event.getState() == KeeperState.Expired) {
                        expired.set(true);
                    }
                },
                config);
    }

    /** Opens a session with the server at this address, and with no other. */
    public static LongSession with(String address) {
        try {
            LongSession session = new LongSession(address);
            await("a session").atMost(TIMEOUT).until(session::makeItsNode);
            session.id = session.handle.getSessionId();
            return session;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean makeItsNode() throws KeeperException, InterruptedException {
        try {
            handle.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            return true;
        } catch (ConnectionLossException e) {
            return handleHasNode();
        }
    }

    private boolean handleHasNode() throws KeeperException, InterruptedException {
        try {
            return handle.exists(path, false) != null;
        } catch (ConnectionLossException e) {
            return false;
        }
    }

    /** Whether the session is still the same, and its znode exists and belongs to it. */
    public boolean lives() {
        await("an answer of the session's server").atMost(TIMEOUT).until(() -> expired.get() || handleHasNode());
        return !expired.get() && handle.getSessionId() == id && ownerOfItsNode() == id;
    }

    private long ownerOfItsNode() {
        try {
            Stat stat = handle.exists(path, false);
            return stat == null ? 0 : stat.getEphemeralOwner();
        } catch (KeeperException e) {
            throw new IllegalStateException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            handle.close(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
