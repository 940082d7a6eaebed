package dev.ensembled.leadership;

import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;

/** Takes the turns of an election on a thread of its own, and passes hints on. Thread-safe. */
public final class LeaseLeadership implements Leadership {
    private static final Logger LOG = Logger.getLogger(LeaseLeadership.class);
    private static final int MOST_HINTS = 200;
    private static final long END_MILLIS = 3_000;

    private final LeaseStore store;
    private final String identity;
    private final LeaseTimes times;
    private final Clock clock;
    private final LeaseElection election;
    private final HintKey hints = new HintKey();
    private final BlockingQueue<Hint> passing = new LinkedBlockingQueue<>(MOST_HINTS);
    private final Thread turns = new Thread(this::takeTurns, "leadership");
    private final Thread passes = new Thread(this::passHints, "leadership-hints");
    private volatile Listener listener;
    private volatile Optional<String> problem = Optional.empty();
    private volatile boolean closed;
    private boolean led;

    /**
     * Creates a replica that does not take part yet.
     *
     * @param identity see {@link LeaseElection}
     */
    public LeaseLeadership(LeaseStore store, String identity, LeaseTimes times, Clock clock) {
        this.store = store;
        this.identity = identity;
        this.times = times;
        this.clock = clock;
        this.election = new LeaseElection(store, identity, times, System::nanoTime, clock);
        turns.setDaemon(true);
        passes.setDaemon(true);
    }

    @Override
    public void start(Listener started) {
        listener = started;
        LogEntry.of("this replica follows until it has the lease")
                .with(LogKey.NAME, identity)
                .with(LogKey.PLACE, store.place())
                .info(LOG);
        turns.start();
        passes.start();
    }

    private void takeTurns() {
        try {
            while (!election.isLost()) {
                takeTurn();
                Thread.sleep(times.retry().toMillis());
            }
        } catch (InterruptedException e) {
            LogEntry.of("election ended").with(LogKey.NAME, identity).debug(LOG);
        }
    }

    private void takeTurn() {
        try {
            Optional<LeaseRecord> record = election.turn();
            problem = record.isPresent() || election.leader().isPresent()
                    ? Optional.empty()
                    : Optional.of(store.place()
                            + " does not exist, so no replica leads; apply k8s/components/high-availability");
            record.ifPresent(this::report);
        } catch (IOException e) {
            if (!closed) {
                report(e.getMessage());
            }
        } catch (RuntimeException e) {
            LogEntry.of("election failed, retrying").log(LOG, Logger.Level.ERROR, e);
        }
    }

    private void report(LeaseRecord record) {
        if (election.isLost()) {
            LogEntry.of("leadership lost, this process ends")
                    .with(LogKey.LEADER, record.holder())
                    .error(LOG);
            listener.lost();
        } else if (election.isLeading() && !led) {
            led = true;
            hints.begin(record.hints());
            LogEntry.of("this replica leads")
                    .with(LogKey.NAME, identity)
                    .with(LogKey.NUMBER, record.transitions())
                    .info(LOG);
            listener.leads();
        } else if (led) {
            hints.added(record.hints()).forEach(listener::hinted);
        }
    }

    private void report(String message) {
        String what = store.place() + ": " + message;
        if (problem.filter(what::equals).isEmpty()) {
            LogEntry.of("cannot read or write the lease, retrying")
                    .with(LogKey.REASON, what)
                    .warn(LOG);
        }
        problem = Optional.of(what);
    }

    private void passHints() {
        try {
            while (true) {
                Hint hint = passing.take();
                try {
                    store.hint(HintKey.of(hint), clock.instant().toString());
                } catch (IOException e) {
                    LogEntry.of("hint not passed on to the leader")
                            .with(LogKey.SOURCE, hint.source())
                            .with(LogKey.REASON, e.getMessage())
                            .warn(LOG);
                }
            }
        } catch (InterruptedException e) {
            LogEntry.of("hints are no longer passed on")
                    .with(LogKey.NAME, identity)
                    .debug(LOG);
        }
    }

    @Override
    public Optional<String> refusal() {
        return election.refusal();
    }

    @Override
    public boolean isLeading() {
        return election.isLeading();
    }

    @Override
    public Optional<String> leader() {
        return election.leader();
    }

    /** A leader that may not act is a problem; a replica that follows needs only to see the lease. */
    @Override
    public Optional<String> problem() {
        return election.isLeading() ? election.refusal() : problem;
    }

    @Override
    public void pass(Hint hint) {
        if (!passing.contains(hint) && !passing.offer(hint)) {
            LogEntry.of("hint dropped, too many hints wait")
                    .with(LogKey.SOURCE, hint.source())
                    .debug(LOG);
        }
    }

    @Override
    public void close(boolean atRest) {
        closed = true;
        election.stop();
        turns.interrupt();
        passes.interrupt();
        try {
            turns.join(END_MILLIS);
            if (atRest) {
                election.release();
            }
        } catch (IOException e) {
            LogEntry.of("lease not released, it expires")
                    .with(LogKey.REASON, e.getMessage())
                    .warn(LOG);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }
}
