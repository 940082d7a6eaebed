package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException.Code;

/**
 * Four clients that write all the time, the record of their acknowledged writes, and the check that these are on the
 * servers.
 */
public final class Ledger implements AutoCloseable {
    private static final int WRITERS = 4;

    private final List<Writer> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Ledger() {}

    /** Starts to write through this address, and returns after all writers have written. */
    public static Ledger open(String address) {
        Ledger ledger = new Ledger();
        String root = "/ledger-" + UUID.randomUUID();
        makeParents(address, root);
        for (int i = 0; i < WRITERS; i++) {
            Writer writer = new Writer(address, root + "/" + i);
            Thread thread = new Thread(writer, "writer-" + i);
            thread.setDaemon(true);
            thread.start();
            ledger.writers.add(writer);
            ledger.threads.add(thread);
        }
        await("every writer writes").atMost(Duration.ofSeconds(30)).until(ledger::allWrite);
        return ledger;
    }

    private boolean allWrite() {
        return writers.stream().noneMatch(writer -> writer.acknowledged().isEmpty());
    }

    private static void makeParents(String address, String root) {
        List<String> paths = new ArrayList<>(List.of(root));
        for (int i = 0; i < WRITERS; i++) {
            paths.add(root + "/" + i);
        }
        for (String path : paths) {
            await(path).atMost(Duration.ofSeconds(30)).until(() -> create(address, path));
        }
    }

    private static boolean create(String address, String path) throws InterruptedException {
        try (QuickClient client = QuickClient.connect(address)) {
            Code code = client.create(path);
            return code == Code.OK || code == Code.NODEEXISTS;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** The acknowledged writes between two times of {@link System#nanoTime}. */
    public WriteTimeline between(long from, long to) {
        return new WriteTimeline(
                from,
                to,
                writers.stream()
                        .map(writer -> writer.acknowledged().stream()
                                .map(Writer.Write::nanos)
                                .filter(nanos -> nanos >= from && nanos <= to)
                                .toList())
                        .toList());
    }

    /** How many writes were acknowledged. */
    public int size() {
        return writers.stream().mapToInt(w -> w.acknowledged().size()).sum();
    }

    /** The acknowledged writes that each server does not have after a sync. The writers must have stopped. */
    public List<String> missingFrom(Collection<String> servers) {
        return servers.stream().flatMap(server -> missingFrom(server).stream()).toList();
    }

    private List<String> missingFrom(String server) {
        List<String> missing = new ArrayList<>();
        for (Writer writer : writers) {
            Set<String> has = new HashSet<>(childrenAfterSync(server, writer.parent()));
            writer.acknowledged().stream()
                    .map(Writer.Write::name)
                    .filter(name -> !has.contains(name))
                    .map(name -> server + writer.parent() + "/" + name)
                    .forEach(missing::add);
        }
        return missing;
    }

    /** The names of the children of a znode that this server has after a sync. */
    public static List<String> childrenAfterSync(String server, String path) {
        List<String> children = new ArrayList<>();
        await("a synced answer of " + server).atMost(Duration.ofSeconds(30)).until(() -> {
            try (QuickClient client = QuickClient.connect(server)) {
                if (client.sync() != Code.OK) {
                    return false;
                }
                children.addAll(client.children(path));
                return true;
            } catch (TimeoutException e) {
                return false;
            }
        });
        return children;
    }

    /** Stops the writers. */
    public void stop() {
        threads.forEach(Thread::interrupt);
        await("writers end").atMost(Duration.ofSeconds(20)).until(() -> threads.stream()
                .noneMatch(Thread::isAlive));
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
