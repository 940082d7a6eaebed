package dev.ensembled.reconciler.simulation.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.StartDecision;
import dev.ensembled.reconciler.StartDecision.Outcome;
import dev.ensembled.reconciler.StartDecision.Used;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.simulation.model.Disk.Content;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The decision table of a start, checked with the model of the start script. */
class ModelStartDecisionsTest {
    private static final Membership WITH = Membership.ofMajority(1, Set.of(1, 2, 3), Set.of());
    private static final Membership WITHOUT = Membership.ofMajority(2, Set.of(1, 2), Set.of());
    private static final Membership EARLIER = Membership.ofMajority(3, Set.of(1, 2), Set.of(3));

    private final ModelCluster cluster = new ModelCluster(1, false);

    @ParameterizedTest
    @CsvFileSource(resources = StartDecision.FILE, delimiter = '|')
    void modelFollowsTheDecisionTable(ArgumentsAccessor row) {
        StartDecision decision = StartDecision.of(row);
        if (!decision.modelled()) {
            return;
        }
        ModelMember member = member(decision);

        Optional<Instance.Disk> refusal = new ModelStartScript(cluster).refuses(member);

        assertThat(outcome(decision, member, refusal.isPresent())).isEqualTo(decision.outcome());
        assertThat(refusal.orElse(Instance.Disk.FINE)).isEqualTo(decision.reports());
    }

    private ModelMember member(StartDecision decision) {
        cluster.ensureMembers(3);
        ModelMember member = cluster.member(3);
        provide(decision.disk(), member.disk);
        member.permit = decision.permit();
        member.permitUsed = decision.used() != Used.NO;
        boolean joins = decision.permit().filter(StartPermit.JOIN::equals).isPresent();
        member.permittedMembership = decision.permit().isEmpty()
                ? Disk.NO_MEMBERS
                : Membership.ofMajority(4, joins ? Set.of(1, 2) : Set.of(1, 2, 3), joins ? Set.of(3) : Set.of());
        return member;
    }

    private static void provide(String disk, Disk on) {
        on.content = switch (disk) {
            case "blank", "learning" -> Content.NOTHING;
            case "foreign-server", "foreign-ensemble" -> Content.FOREIGN;
            case "unreadable" -> Content.CORRUPT;
            case "own", "removed" -> Content.DATA;
            default -> throw new IllegalArgumentException(disk);
        };
        on.loadFailed = on.content == Content.CORRUPT;
        on.joining = disk.equals("learning");
        on.writeMembership(
                switch (disk) {
                    case "blank" -> Disk.NO_MEMBERS;
                    case "learning" -> EARLIER;
                    case "removed" -> WITHOUT;
                    default -> WITH;
                });
    }

    private static Outcome outcome(StartDecision decision, ModelMember member, boolean reportedDisk) {
        if (reportedDisk) {
            return Outcome.WAITS;
        }
        if (!member.disk.membership.equals(member.permittedMembership)) {
            return Outcome.OWN;
        }
        if (decision.used() != Used.NO) {
            return Outcome.CONTINUES;
        }
        return member.disk.content == Content.DATA ? Outcome.BOOTSTRAPS : Outcome.JOINS;
    }
}
