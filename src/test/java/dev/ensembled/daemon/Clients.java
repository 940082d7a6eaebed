package dev.ensembled.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** Requests of an ensemble's client, and requests of an operator to a server. */
final class Clients {
    private static final int TIMEOUT_MILLIS = 20_000;

    private Clients() {}

    private interface Work<T> {
        T with(ZooKeeper client) throws Exception;
    }

    static void create(String connectString, String path, String text) throws Exception {
        connected(
                connectString,
                client -> client.create(
                        path,
                        text.getBytes(StandardCharsets.UTF_8),
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT));
    }

    static String read(String connectString, String path) throws Exception {
        return connected(
                connectString, client -> new String(client.getData(path, false, null), StandardCharsets.UTF_8));
    }

    private static <T> T connected(String connectString, Work<T> work) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(connectString, TIMEOUT_MILLIS, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        try {
            if (!connected.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("no connection to " + connectString);
            }
            return work.with(client);
        } finally {
            client.close(TIMEOUT_MILLIS);
        }
    }

    /** The configuration that a server reports. */
    static String configuration(String address) {
        URI server = URI.create("tcp://" + address);
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write("conf".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
