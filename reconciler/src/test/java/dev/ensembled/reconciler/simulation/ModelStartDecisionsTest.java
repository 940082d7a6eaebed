package dev.ensembled.reconciler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.StartDecision;
import dev.ensembled.reconciler.StartDecision.Outcome;
import dev.ensembled.reconciler.StartDecision.Used;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.simulation.Disk.Content;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The decision table of a start, against the model of the script. */
class ModelStartDecisionsTest {
    private static final Membership WITH = Membership.ofMajority(1, Set.of(1, 2, 3), Set.of());
    private static final Membership WITHOUT = Membership.ofMajority(2, Set.of(1, 2), Set.of());
    private static final Membership EARLIER = Membership.ofMajority(3, Set.of(1, 2), Set.of(3));

    private final World world = new World(History.of(1), false);

    @ParameterizedTest
    @CsvFileSource(resources = StartDecision.FILE, delimiter = '|')
    void modelFollowsTheDecisionTable(ArgumentsAccessor row) {
        StartDecision decision = StartDecision.of(row);
        if (!decision.modelled()) {
            return;
        }
        Node node = node(decision);

        Optional<Instance.Disk> refusal = new StartScript(world).refuses(node);

        assertThat(outcome(decision, node, refusal.isPresent())).isEqualTo(decision.outcome());
        assertThat(refusal.orElse(Instance.Disk.FINE)).isEqualTo(decision.reports());
    }

    private Node node(StartDecision decision) {
        world.reach(3);
        Node node = world.node(3);
        provide(decision.disk(), node.disk);
        node.permit = decision.permit();
        node.permitUsed = decision.used() != Used.NO;
        boolean joins = decision.permit().filter(StartPermit.JOIN::equals).isPresent();
        node.permittedTo = decision.permit().isEmpty()
                ? Disk.NOBODY
                : Membership.ofMajority(4, joins ? Set.of(1, 2) : Set.of(1, 2, 3), joins ? Set.of(3) : Set.of());
        return node;
    }

    private static void provide(String disk, Disk on) {
        on.content = switch (disk) {
            case "blank", "learning" -> Content.NOTHING;
            case "foreign-server", "foreign-ensemble" -> Content.OF_ANOTHER;
            case "unreadable" -> Content.BROKEN;
            case "own", "removed" -> Content.DATA;
            default -> throw new IllegalArgumentException(disk);
        };
        on.unreadable = on.content == Content.BROKEN;
        on.learning = disk.equals("learning");
        on.learn(
                switch (disk) {
                    case "blank" -> Disk.NOBODY;
                    case "learning" -> EARLIER;
                    case "removed" -> WITHOUT;
                    default -> WITH;
                });
    }

    private static Outcome outcome(StartDecision decision, Node node, boolean refused) {
        if (refused) {
            return Outcome.WAITS;
        }
        if (!node.disk.known.equals(node.permittedTo)) {
            return Outcome.OWN;
        }
        if (decision.used() != Used.NO) {
            return Outcome.CONTINUES;
        }
        return node.disk.content == Content.DATA ? Outcome.BOOTSTRAPS : Outcome.JOINS;
    }
}
