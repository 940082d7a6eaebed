package dev.ensembled.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;

/**
 * One connection to one address, which is closed at the first failure. The Java client sleeps for up to a second before
 * it connects again; a new handle does not, so that the measurement is of the ensemble and not of the client.
 */
final class QuickClient implements AutoCloseable {
    /** The client's own log, which prints ten lines for each lost connection; held, since loggers are weakly referenced. */
    private static final Logger CLIENT_LOG = Logger.getLogger("org.apache.zookeeper");

    static {
        CLIENT_LOG.setLevel(Level.SEVERE);
    }

    private static final int SESSION_MILLIS = 10_000;
    private static final int CONNECT_MILLIS = 400;
    private static final int ANSWER_MILLIS = 1_000;

    private final ZooKeeper handle;

    private QuickClient(ZooKeeper handle) {
        this.handle = handle;
    }

    /** @throws TimeoutException if no session is established in time */
    static QuickClient connect(String address) throws TimeoutException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        try {
            QuickClient client = new QuickClient(new ZooKeeper(
                    address + ":2181",
                    SESSION_MILLIS,
                    event -> {
                        if (event.getState() == KeeperState.SyncConnected) {
                            connected.countDown();
                        }
                    },
                    config));
            if (!connected.await(CONNECT_MILLIS, TimeUnit.MILLISECONDS)) {
                client.close();
                throw new TimeoutException(address);
            }
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a znode; any result but OK means that the outcome is unknown. */
    Code create(String path) throws InterruptedException {
        return create(path, new byte[0]);
    }

    /** Creates a znode with data; any result but OK means that the outcome is unknown. */
    Code create(String path, byte[] data) throws InterruptedException {
        BlockingQueue<Integer> answer = new ArrayBlockingQueue<>(1);
        handle.create(
                path,
                data,
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (int code, String asked, Object context, String name) -> answer.add(code),
                null);
        return code(answer);
    }

    /** Makes the server as recent as the leader. */
    Code sync() throws InterruptedException {
        BlockingQueue<Integer> answer = new ArrayBlockingQueue<>(1);
        handle.sync("/", (code, path, context) -> answer.add(code), null);
        return code(answer);
    }

    private static Code code(BlockingQueue<Integer> answer) throws InterruptedException {
        Integer code = answer.poll(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        return code == null ? Code.OPERATIONTIMEOUT : Code.get(code);
    }

    /** The names of the children of a znode, by the state of the server that is asked. */
    List<String> children(String path) throws InterruptedException {
        BlockingQueue<List<String>> answer = new ArrayBlockingQueue<>(1);
        handle.getChildren(
                path, false, (code, asked, context, names) -> answer.add(names == null ? List.of() : names), null);
        List<String> names = answer.poll(ANSWER_MILLIS * 10L, TimeUnit.MILLISECONDS);
        return names == null ? List.of() : names;
    }

    /** Closes without waiting, since closing asks the server, and the server may be what fails. */
    @Override
    public void close() {
        Thread closing = new Thread(
                () -> {
                    try {
                        handle.close(1_000);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "closing");
        closing.setDaemon(true);
        closing.start();
    }
}
