package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.simulation.Incident.Kind;
import java.util.Optional;
import java.util.function.Predicate;

/** How a history has to end, once nothing happens any more: done, or held for the true reason. */
final class Ending {
    private final History history;
    private final World world;
    private final ModelStore store;

    Ending(History history, World world, ModelStore store) {
        this.history = history;
        this.world = world;
        this.store = store;
    }

    void require(Optional<Decision> last) {
        Decision decision = last.orElseThrow(() -> new Violation("nothing was decided in the end"));
        boolean holds = decision instanceof Decision.Done ? everythingIsAsWanted() : mayBeHeldBy(decision);
        if (!holds) {
            throw new Violation("the end is " + decision);
        }
    }

    private boolean everythingIsAsWanted() {
        Pushed wanted = store.pushed();
        Membership members = Memberships.of(wanted.voters(), wanted.observers());
        return world.peers.commits()
                && world.peers.committed().sameAs(members)
                && world.nodes.stream().allMatch(node -> members.has(node.id) ? isAsWanted(node) : isLeaving(node));
    }

    private boolean isAsWanted(Node node) {
        return node.serves(world.now())
                && node.ready
                && node.template.equals(store.template())
                && node.disk.capacity >= store.pushed().bytes();
    }

    private boolean isLeaving(Node node) {
        return !node.exists || node.phase == Phase.TERMINATING;
    }

    private boolean isGone(Node node) {
        return world.now() < node.lostUntil;
    }

    private boolean mayBeHeldBy(Decision decision) {
        if (decision instanceof Decision.Refused) {
            return store.template().version().startsWith("3.8");
        } else if (decision instanceof Wait wait) {
            return waitsForTheTruth(wait);
        } else if (decision instanceof Stalled stalled) {
            return stalledForTheTruth(stalled);
        }
        return false;
    }

    private boolean waitsForTheTruth(Wait wait) {
        return switch (wait.gate()) {
            case PAUSED -> store.pushed().holds().paused();
            case QUORUM -> world.peers.committed().voters().size() == 2;
            // Another one that is to go takes up what the budget allows, and goes only after it.
            case BUDGET -> any(node -> node.answers.deniesToAll());
            case APPROVAL -> !Truth.of(world, store).approved();
            // Such a leader cannot take a lost member out, and is not moved by us while somebody is away.
            case RECONFIGURATION -> isMute() || isRefused();
            default -> false;
        };
    }

    private boolean stalledForTheTruth(Stalled stalled) {
        // What one says to all is held against it, also where another one could be healed.
        if (stalled.gate().toString().startsWith("member-") && any(node -> node.answers.deniesToAll())) {
            return true;
        }
        return switch (stalled.gate()) {
            case DATA_BEHIND -> history.has(Kind.LOSE_DATA);
            case DATA_LOST -> !isMajority(node -> node.disk.isUsable()) || nobodyCanTell(stalled);
            case MEMBER_DATA ->
                any(node -> !node.disk.isUsable()) && (isPaused() || !world.peers.commits() || isBlind(stalled));
            // Old backups have older epochs than the membership, and then nobody can tell since when the leader leads.
            case SANITY_TEST ->
                isRefusedByRevision()
                        || (isMute() && ((mayNotMoveLeader() && !hasToBeReplaced()) || history.has(Kind.LOSE_DATA)));
            case UNKNOWN_MEMBER -> any(this::isGone);
            case VOLUME_GROWTH -> any(node -> node.disk.failsToGrow() && !isAsWanted(node));
            case EFFECTIVE_STATE -> any(node -> node.template.image().equals(Template.LIES));
            case MEMBER_IMAGE -> any(node -> !node.template.starts()) && isBad(stalled);
            case MEMBER_CRASHING -> any(node -> !node.template.stays()) && isBad(stalled);
            case MEMBER_NOT_SERVING ->
                (any(node -> !node.template.good()) && isBad(stalled)) || (isMute() && tellsOfMute(stalled));
            case MEMBER_NOT_LISTENING -> any(node -> !node.template.good()) && isBad(stalled);
            default -> false;
        };
    }

    /** Who is a member is forgotten, and who has data comes to serve at no revision that was asked for: it is said so. */
    private boolean nobodyCanTell(Stalled stalled) {
        return (history.has(Kind.LOSE_STATUS) || history.has(Kind.REMAKE))
                && stalled.reason().contains("the membership is unknown")
                && any(node -> node.disk.isUsable() && !node.template.good());
    }

    private boolean isBlind(Stalled stalled) {
        return any(this::isGone) && stalled.reason().contains("cannot be read");
    }

    private boolean isMute() {
        return world.peers.leader().filter(node -> node.mute).isPresent();
    }

    /** The leader knows no password that is left, and is not restarted while somebody is away, or of two voters. */
    private boolean isRefused() {
        Membership committed = world.peers.committed();
        boolean cannotLeave = committed.voters().size() == 2 || any(node -> node.exists && !node.serves(world.now()));
        return cannotLeave
                && world.peers
                        .leader()
                        .filter(node -> !store.mayReconfigure(node))
                        .isPresent();
    }

    /** It may not be replaced for them. */
    private boolean tellsOfMute(Stalled stalled) {
        return !mayBeReplaced() && stalled.reason().contains("ZOOKEEPER-4708");
    }

    /** By the wanted one, or by another one whose members may not leave. */
    private boolean isRefusedByRevision() {
        return any(node -> node.serves(world.now())
                && !node.template.provable()
                && (node.template.equals(store.template()) || mayNotLeave(node) || isSpreadFeared(node)));
    }

    private boolean mayNotLeave(Node node) {
        Truth truth = Truth.of(world, store);
        return isPaused()
                || !truth.windowIsOpen()
                || truth.budgets().stream().anyMatch(budget -> budget.disruptionsAllowed() < 1)
                || world.peers.committed().voters().size() == 2
                || !truth.mayRestart(truth.node(node.id));
    }

    /** The leader refuses what comes through a member of the wanted revision, which may be a bad one as well. */
    private boolean isSpreadFeared(Node node) {
        return node.leads
                && !node.template.takesWritesAsLeader()
                && any(other -> other.template.equals(store.template()));
    }

    private boolean hasToBeReplaced() {
        return mayBeReplaced() && any(node -> node.exists && node.looks(world.now()));
    }

    private boolean mayBeReplaced() {
        Truth truth = Truth.of(world, store);
        int leader = world.peers.leader().orElseThrow().id;
        return !isPaused()
                && truth.othersCanElect(leader)
                && !truth.node(leader).outdated();
    }

    private boolean mayNotMoveLeader() {
        Truth truth = Truth.of(world, store);
        return isPaused()
                || !truth.windowIsOpen()
                || truth.budgets().stream().anyMatch(budget -> budget.disruptionsAllowed() < 1)
                || world.peers.committed().voters().size() == 2
                || !truth.mayRestart(truth.node(world.peers.leader().orElseThrow().id));
    }

    private boolean isPaused() {
        return store.pushed().holds().paused();
    }

    private boolean any(Predicate<Node> trouble) {
        return world.nodes.stream().anyMatch(trouble);
    }

    private boolean isMajority(Predicate<Node> fine) {
        Membership committed = world.peers.committed();
        return Peers.isMajority(
                world.nodes.stream()
                        .filter(node -> committed.voters().contains(node.id) && fine.test(node))
                        .count(),
                committed);
    }

    /** A member that does not serve is at a bad revision, which is the wanted one, or held by a pause. */
    private boolean isBad(Stalled stalled) {
        return world.nodes.stream()
                .filter(node -> !node.serves(world.now()) && !node.template.good())
                .anyMatch(node -> node.template.equals(store.template())
                        || stalled.reason().contains("end the pause"));
    }
}
