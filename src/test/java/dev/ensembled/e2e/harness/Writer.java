package dev.ensembled.e2e.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException.Code;

/** Creates one znode after another, and records when each was acknowledged. */
final class Writer implements Runnable {
    private static final int BETWEEN_WRITES_MILLIS = 5;
    private static final int BETWEEN_CONNECTS_MILLIS = 20;

    private final String address;
    private final String parent;
    private final List<Write> acknowledged = new ArrayList<>();
    private long next;

    Writer(String address, String parent) {
        this.address = address;
        this.parent = parent;
    }

    /** An acknowledged write. */
    record Write(long nanos, String name) {}

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try (QuickClient client = QuickClient.connect(address)) {
                writeWhileItAnswers(client);
            } catch (TimeoutException e) {
                Pause.millis(BETWEEN_CONNECTS_MILLIS); // a server is away; the Service has others
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void writeWhileItAnswers(QuickClient client) throws InterruptedException {
        // No name is tried twice: a write without an answer may have happened.
        while (true) {
            String name = String.format("%07d", next++);
            if (client.create(parent + "/" + name) != Code.OK) {
                Pause.millis(BETWEEN_CONNECTS_MILLIS);
                return;
            }
            synchronized (this) {
                acknowledged.add(new Write(System.nanoTime(), name));
            }
            Thread.sleep(BETWEEN_WRITES_MILLIS);
        }
    }

    String parent() {
        return parent;
    }

    synchronized List<Write> acknowledged() {
        return List.copyOf(acknowledged);
    }
}
