package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.SanityTest;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.spec.EnsembleId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.apache.zookeeper.KeeperException;

/**
 * The sanity test of the ZooKeeper tutorial, with the ZooKeeper client.
 *
 * <ol>
 *   <li>Opens a session at the writer and one at the reader, each with only that server to connect to.
 *   <li>Writes a unique value through the writer into the persistent znode {@code /ensembled/sanity/NAMESPACE.NAME},
 *       which it makes if it is not there.
 *   <li>Syncs the reader with the leader, reads the value back and compares.
 *   <li>Compares {@code /zookeeper/config} of both.
 *   <li>Closes both sessions.
 * </ol>
 *
 * All of it takes no longer than the deadline, but for the closing of the sessions, which takes a second each at most.
 * Keeps no state; any number of threads may use it.
 */
public final class ZooKeeperSanityTest implements SanityTest {
    public static final String GATE = "sanity-test";
    private static final String ROOT = "/ensembled/sanity";

    private final Duration deadline;

    /** A test with the usual deadline of ten seconds. */
    public ZooKeeperSanityTest() {
        this(Duration.ofSeconds(10));
    }

    public ZooKeeperSanityTest(Duration deadline) {
        this.deadline = deadline;
    }

    /** The znode that the test of an ensemble writes. A namespace has no dots, so two ensembles never share one. */
    public static String znode(EnsembleId ensemble) {
        return ROOT + "/" + ensemble.namespace() + "." + ensemble.name();
    }

    @Override
    public Outcome writeAndReadBack(EnsembleId ensemble, HostPort writer, HostPort reader) {
        long end = System.nanoTime() + deadline.toNanos();
        String half = "connecting to the writer " + writer;
        try (Session write = Session.open(writer, end)) {
            half = "connecting to the reader " + reader;
            try (Session read = Session.open(reader, end)) {
                byte[] value = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
                half = "writing through " + writer;
                write.put(znode(ensemble), value);
                half = "reading back through " + reader;
                read.sync(znode(ensemble));
                byte[] back = read.get(znode(ensemble));
                if (!Arrays.equals(value, back)) {
                    return blocked(half, "it is another value than was written");
                }
                half = "comparing the membership at " + writer + " and " + reader;
                return Arrays.equals(write.config(), read.config())
                        ? new Outcome.Taken()
                        : blocked(half, "/zookeeper/config differs");
            }
        } catch (KeeperException e) {
            return blocked(half, e.code().name() + (e.getPath() == null ? "" : " at " + e.getPath()));
        } catch (java.io.IOException e) {
            return blocked(half, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return blocked(half, "interrupted");
        }
    }

    private static Outcome blocked(String half, String reason) {
        return new Outcome.Blocked(GATE, half + " failed: " + reason);
    }
}
