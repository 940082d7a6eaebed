package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Clients that write and witnesses that look while an ensemble rolls. */
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

    /** @param names of all pods that there may ever be */
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

    /** From here on it counts. */
    public void begin() {
        start = Instant.now();
        from = System.nanoTime();
    }

    /** How many writes were acknowledged until now. */
    public int acknowledged() {
        return ledger.size();
    }

    /** Ends the writers, and asks every server for every write that was acknowledged. */
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
