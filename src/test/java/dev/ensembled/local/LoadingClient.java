package dev.ensembled.local;

import dev.ensembled.reconciler.observed.Member.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** Writes all the time in one session with one server, and records the acknowledged writes. */
final class LoadingClient implements AutoCloseable {
    private static final int SESSION_MILLIS = 20_000;
    private static final String ROOT = "/ledger";

    private final ZooKeeper client;
    private final long session;
    private final List<String> acknowledged = new ArrayList<>();
    private final Thread writer;
    private final AtomicInteger failed = new AtomicInteger();
    private volatile boolean ends;

    private LoadingClient(ZooKeeper client) {
        this.client = client;
        this.session = client.getSessionId();
        this.writer = new Thread(this::write, "loading-client");
    }

    static LoadingClient at(HostPort server) throws IOException, InterruptedException, KeeperException {
        ZooKeeper client = connect(server);
        client.create(ROOT, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        LoadingClient loading = new LoadingClient(client);
        loading.writer.start();
        return loading;
    }

    private static ZooKeeper connect(HostPort server) throws IOException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(server.toString(), SESSION_MILLIS, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        if (!connected.await(SESSION_MILLIS, TimeUnit.MILLISECONDS)) {
            client.close(1_000);
            throw new IOException("no session at " + server);
        }
        return client;
    }

    private void write() {
        try {
            for (int number = 0; !ends; number++) {
                write("write-%06d".formatted(number));
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(String name) throws InterruptedException {
        try {
            byte[] value = name.getBytes(StandardCharsets.UTF_8);
            client.create(ROOT + "/" + name, value, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            synchronized (acknowledged) {
                acknowledged.add(name);
            }
        } catch (KeeperException e) {
            // Not acknowledged, so not recorded.
            failed.incrementAndGet();
        }
    }

    /** The current session; if it is the same as at the start, that one has not expired. */
    long session() {
        return client.getSessionId();
    }

    long firstSession() {
        return session;
    }

    /** How many writes were not acknowledged. */
    int failed() {
        return failed.get();
    }

    int writes() {
        synchronized (acknowledged) {
            return acknowledged.size();
        }
    }

    /** Stops writing, and returns the acknowledged writes that cannot be read from a server. */
    List<String> lostAt(HostPort server) throws IOException, InterruptedException, KeeperException {
        stop();
        ZooKeeper reader = connect(server);
        try {
            reader.sync(ROOT);
            TreeSet<String> found = new TreeSet<>(reader.getChildren(ROOT, false));
            synchronized (acknowledged) {
                return acknowledged.stream()
                        .filter(name -> !found.contains(name))
                        .toList();
            }
        } finally {
            reader.close(1_000);
        }
    }

    private void stop() throws InterruptedException {
        ends = true;
        writer.join(TimeUnit.SECONDS.toMillis(30));
        if (writer.isAlive()) {
            throw new AssertionError("the writer does not end");
        }
    }

    @Override
    public void close() {
        ends = true;
        writer.interrupt();
        try {
            client.close(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
