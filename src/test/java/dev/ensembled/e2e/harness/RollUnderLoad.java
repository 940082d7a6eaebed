package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Clients that write and watches that record while an ensemble rolls. */
public final class RollUnderLoad implements AutoCloseable {
    private final PodWatch pods;
    private final Ledger ledger;
    private final LeaderWatch leaders;
    private Instant start;
    private long from;

    /** @param clientAddress where the ensemble serves clients */
    public RollUnderLoad(PodWatch pods, String clientAddress) {
        this(pods, pods.uids().keySet(), clientAddress);
    }

    /** @param names of all pods that may ever exist */
    public RollUnderLoad(PodWatch pods, Collection<String> names, String clientAddress) {
        this.pods = pods;
        ledger = Ledger.open(clientAddress);
        leaders = new LeaderWatch(names, pods::addresses);
        await("a leader is seen").atMost(Duration.ofSeconds(10)).until(leaders::seesOne);
    }

    /** The pod that leads now. */
    public String leader() {
        return leaders.leader();
    }

    /** Starts the measurement. */
    public void begin() {
        start = Instant.now();
        from = System.nanoTime();
    }

    /** How many writes have been acknowledged so far. */
    public int acknowledged() {
        return ledger.size();
    }

    /** Stops the writers, and checks every server for every acknowledged write. */
    public RollFigures end() {
        long to = System.nanoTime();
        ledger.stop();
        return new RollFigures(
                pods.since(start),
                leaders.between(from, to),
                ledger.between(from, to),
                ledger.missingFrom(pods.addresses().values()));
    }

    @Override
    public void close() {
        leaders.close();
        ledger.close();
    }
}
