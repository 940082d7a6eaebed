package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.simulation.model.ModelMember.Mode;
import java.util.Optional;
import java.util.function.Predicate;

/** Quorum and election: which server leads, and whether it commits. */
public final class QuorumPeers {
    private static final long ELECTION_MS = 300;
    private static final long UNSEEN_MS = 1_000;
    private static final int MS_PER_WRITE = 16;
    private final ModelCluster cluster;
    private Optional<ModelMember> leader = Optional.empty();
    private long electionAt = ModelMember.NEVER;
    private long firstLedAt = ModelMember.NEVER;
    private int elections;

    public QuorumPeers(ModelCluster cluster) {
        this.cluster = cluster;
    }

    void startServing(ModelMember first) {
        first.leads = true;
        leader = Optional.of(first);
        firstLedAt = -UNSEEN_MS;
    }

    public Optional<ModelMember> leader() {
        return leader;
    }

    public int elections() {
        return elections;
    }

    /** The time after the first election in which the daemon may not have observed the bootstrap yet. */
    boolean bootstrapping() {
        return firstLedAt != ModelMember.NEVER && cluster.now() < firstLedAt + UNSEEN_MS;
    }

    public boolean commits() {
        return leader.isPresent()
                && !leader.get().nonCommitting
                && isQuorum(cluster.log.committed(), member -> member.inSync(cluster.now()) && member.votes());
    }

    /** Whether more than half of the voters of a membership match. */
    boolean isQuorum(Membership membership, Predicate<ModelMember> counts) {
        int count = 0;
        for (ModelMember member : cluster.members) {
            if (membership.voters().contains(member.id) && counts.test(member)) {
                count++;
            }
        }
        return isMajority(count, membership);
    }

    public static boolean isMajority(long voters, Membership membership) {
        return voters * 2 > membership.voters().size();
    }

    long nextActionAt() {
        return electionAt > cluster.now() ? electionAt : ModelMember.NEVER;
    }

    /** A client writes continuously. */
    void write(long millis) {
        if (commits()) {
            cluster.log.acknowledge(leader.orElseThrow(), millis / MS_PER_WRITE + 1);
        }
    }

    void runActions() {
        boolean again = true;
        while (again) {
            again = stepDown()
                    || cluster.failureDetection.detectFailures()
                    || cluster.learners.activateMemberships()
                    || cluster.learners.endKeptRoles()
                    || elect()
                    || cluster.learners.sync(leader);
        }
    }

    /** A leader without a quorum, or without a vote, no longer leads, whatever it reports. */
    private boolean stepDown() {
        if (leader.isEmpty()) {
            return false;
        }
        ModelMember member = leader.get();
        Membership committed = cluster.log.committed();
        boolean isVoter = committed.voters().contains(member.id);
        if (member.leadsAlone(cluster.now()) && isVoter) {
            return !member.connected(cluster.now()) && restartElection();
        }
        boolean leads = member.leads && member.inSync(cluster.now()) && isVoter;
        if (leads && isQuorum(committed, other -> other.connected(cluster.now()) && other.votes())) {
            return false;
        }
        leader = Optional.empty();
        cluster.trace("member " + member.id + " no longer leads");
        restartElection();
        return true;
    }

    /** The connected servers start an election. */
    private boolean restartElection() {
        boolean changed = false;
        for (ModelMember member : cluster.members) {
            if (member.connected(cluster.now())) {
                member.setMode(Mode.LOOKING, cluster.now());
                changed = true;
            }
        }
        return changed;
    }

    private boolean elect() {
        ModelMember best = leader.isPresent() ? null : bestCandidate();
        if (best == null || !isQuorum(best.disk.membership, member -> member.isElectable(cluster.now()))) {
            electionAt = ModelMember.NEVER;
            return false;
        }
        if (electionAt == ModelMember.NEVER) {
            electionAt = cluster.now() + ELECTION_MS;
        }
        if (cluster.now() < electionAt) {
            return false;
        }
        electionAt = ModelMember.NEVER;
        lead(best);
        cluster.learners.sync(leader);
        return true;
    }

    private ModelMember bestCandidate() {
        ModelMember best = null;
        for (ModelMember member : cluster.members) {
            if (member.isElectable(cluster.now()) && (best == null || member.disk.zxid >= best.disk.zxid)) {
                best = member;
            }
        }
        return best;
    }

    private void lead(ModelMember member) {
        firstLedAt = Math.min(firstLedAt, cluster.now());
        elections++;
        member.setMode(Mode.SERVING, cluster.now());
        member.leads = true;
        cluster.log.startEpoch(member);
        member.activeMembership = cluster.log.committed();
        leader = Optional.of(member);
        cluster.trace("member " + member.id + " leads");
    }

    /** With some seeds, one follower leaves such a leader and starts an election, in which its peers do not take part. */
    void disconnectOneFollower() {
        if (cluster.delay("leave", leader.orElseThrow(), 0, 3) > 0) {
            return;
        }
        cluster.members.stream()
                .filter(member -> !member.leads && member.inSync(cluster.now()))
                .findFirst()
                .ifPresent(member -> member.setMode(Mode.LOOKING, cluster.now()));
    }
}
