package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Outcome.Half;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.cycle.SanityTest;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException;

/**
 * The sanity test of the Kubernetes ZooKeeper tutorial, with the ZooKeeper client.
 *
 * <ol>
 *   <li>Opens a session at the writer and another session at the reader, each with only that server to connect to, both
 *       as the super user: no ACL stops the super user, and all other users may only read its znode.
 *   <li>Writes a unique value through the writer into the persistent znode {@code /ensembled/sanity/NAMESPACE.NAME},
 *       and creates the znode if it does not exist.
 *   <li>Syncs the reader with the leader, reads the value back and compares it.
 *   <li>Compares {@code /zookeeper/config} of both servers.
 *   <li>Closes both sessions.
 * </ol>
 *
 * <p>A test takes no longer than the deadline, plus at most one second to close each session. This class keeps no state
 * and is thread-safe.
 */
public final class ZooKeeperSanityTest implements SanityTest {
    private static final String ROOT = "/ensembled/sanity";

    private final Function<EnsembleId, List<String>> passwords;
    private final Duration deadline;

    /**
     * Creates a sanity test with the default deadline of ten seconds.
     *
     * @param passwords the passwords that servers of an ensemble may have for its super user, the newest first
     */
    public ZooKeeperSanityTest(Function<EnsembleId, List<String>> passwords) {
        this(passwords, Duration.ofSeconds(10));
    }

    public ZooKeeperSanityTest(Function<EnsembleId, List<String>> passwords, Duration deadline) {
        this.passwords = passwords;
        this.deadline = deadline;
    }

    /**
     * Returns the znode that the test of an ensemble writes. A namespace has no dots, so two ensembles never share a
     * znode.
     */
    public static String znode(EnsembleId ensemble) {
        return ROOT + "/" + ensemble.namespace() + "." + ensemble.name();
    }

    @Override
    public Outcome writeAndReadBack(EnsembleId ensemble, HostPort writer, HostPort reader) {
        long end = System.nanoTime() + deadline.toNanos();
        List<String> known = passwords.apply(ensemble);
        Attempt asSuperUser = new Attempt(znode(ensemble), writer, reader, known, end);
        Outcome outcome = asSuperUser.outcome();
        // A server without digest authentication ends each session that offers a password.
        return asSuperUser.loginFailed() && !known.isEmpty()
                ? new Attempt(znode(ensemble), writer, reader, List.of(), end).outcome()
                : outcome;
    }

    /** One run of the test, with the progress that it has made. */
    private static final class Attempt {
        private final String znode;
        private final HostPort writer;
        private final HostPort reader;
        private final List<String> passwords;
        private final long end;
        private Half half = Half.WRITER;
        private String operation;
        private boolean loginFailed;

        Attempt(String znode, HostPort writer, HostPort reader, List<String> passwords, long end) {
            this.znode = znode;
            this.writer = writer;
            this.reader = reader;
            this.passwords = passwords;
            this.end = end;
            this.operation = "connecting to the writer " + writer;
        }

        boolean loginFailed() {
            return loginFailed;
        }

        Outcome outcome() {
            try {
                return run();
            } catch (KeeperException e) {
                loginFailed = e.code() == KeeperException.Code.AUTHFAILED;
                return failed(KeeperErrors.isAnswer(e), KeeperErrors.describe(e));
            } catch (IOException e) {
                return failed(false, e.getMessage() + KeeperErrors.NO_SESSION);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RetryLaterException("the sanity test was interrupted", e);
            }
        }

        private Outcome run() throws KeeperException, IOException, InterruptedException {
            try (Session write = Session.open(writer, end)) {
                at(Half.READER, "connecting to the reader " + reader);
                try (Session read = Session.open(reader, end)) {
                    write.authenticate(passwords);
                    read.authenticate(passwords);
                    byte[] value = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
                    at(Half.WRITER, "writing through " + writer);
                    write.znode(znode).put(value);
                    at(Half.READER, "reading back through " + reader);
                    read.sync(znode);
                    if (!Arrays.equals(value, read.znode(znode).get())) {
                        return failed(true, "the value differs from the value that was written");
                    }
                    at(Half.READER, "comparing the membership at " + writer + " and " + reader);
                    return Arrays.equals(write.config(), read.config())
                            ? new Outcome.Applied()
                            : failed(true, "/zookeeper/config differs");
                }
            }
        }

        private void at(Half at, String next) {
            half = at;
            operation = next;
        }

        private Outcome failed(boolean refused, String reason) {
            return new Outcome.SanityTestFailed(half, refused, operation + " failed: " + reason);
        }
    }
}
