package dev.ensembled.reconciler.commitplan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.SpecSketch;
import dev.ensembled.reconciler.accept.Acceptance;
import dev.ensembled.reconciler.accept.AcceptanceResult;
import dev.ensembled.reconciler.accept.Commit;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.StoredEnsemble;
import dev.ensembled.reconciler.commitplan.EnsemblePlan.Action;
import dev.ensembled.reconciler.commitplan.Relocation.Kind;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Moves, renames and removals, as the plan of a commit explains them. */
class SpecPlansTest {
    private static final Origin ORIGIN = new Origin("https://git/config?ref=main", "here");
    private static final EnsembleId KAFKA = new EnsembleId("prod", "kafka");
    private static final EnsembleId PINOT = new EnsembleId("prod", "pinot");
    private static final EnsembleId SOLR = new EnsembleId("prod", "solr");

    private final List<StoredEnsemble> stored = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();

    private void stores(EnsembleId id, EnsembleSpec spec, String file) {
        SourceStatus source = new SourceStatus("0ld", file, "Synced", null, ORIGIN.source(), ORIGIN.installation());
        stored.add(new StoredEnsemble(id, spec, Optional.of(source), false));
    }

    private void defines(EnsembleId id, EnsembleSpec spec, String file) {
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.getMetadata().setNamespace(id.namespace());
        resource.getMetadata().setName(id.name());
        resource.setSpec(spec);
        found.add(new Found(resource, file));
    }

    private static EnsembleSpec spec(int voters, DeletionPolicy policy) {
        return SpecSketch.of(voters).deletionPolicy(policy).build();
    }

    private SpecPlan of(EnsembleId id) {
        Map<String, Boolean> files = new HashMap<>();
        found.forEach(one -> files.put(one.path(), true));
        ParsedCommit parsed = new ParsedCommit(found, List.of(), Set.of(), Set.of(), List.of(), files);
        AcceptanceResult decided =
                Acceptance.decide(new Commit("planned", ORIGIN, Set.of()), parsed, stored, gone -> Map.of());
        return SpecPlans.of(parsed, decided, stored).stream()
                .filter(plan -> plan.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void moveBetweenFilesChangesNothingAndNamesBothFiles() {
        stores(KAFKA, spec(3, DeletionPolicy.Delete), "kafka.yaml");
        defines(KAFKA, spec(3, DeletionPolicy.Delete), "teams/kafka.yaml");

        SpecPlan plan = of(KAFKA);

        assertThat(plan.action()).isEqualTo(Action.KEEP);
        assertThat(plan.file()).isEqualTo("teams/kafka.yaml");
        assertThat(plan.relocation()).isEqualTo(new Relocation(Kind.MOVED_FROM, null, "kafka.yaml"));
        assertThat(plan.withoutSteps().isOfInterest()).as("it is shown").isTrue();
    }

    @Test
    void renameInTheSameFileIsExplainedForBothEnsembles() {
        stores(KAFKA, spec(3, DeletionPolicy.Orphan), "kafka.yaml");
        defines(PINOT, spec(5, DeletionPolicy.Orphan), "kafka.yaml");

        assertThat(of(PINOT).action()).isEqualTo(Action.CREATE);
        assertThat(of(PINOT).relocation()).isEqualTo(new Relocation(Kind.RENAMED_FROM, KAFKA, "kafka.yaml"));
        assertThat(of(PINOT).reason())
                .startsWith("looks like a rename of prod/kafka (kafka.yaml)")
                .contains("data is not moved", "prod/kafka would be orphaned", "prod/pinot would be bootstrapped")
                .endsWith("restore the name kafka in the namespace prod");
        assertThat(of(KAFKA).action()).isEqualTo(Action.ORPHAN);
        assertThat(of(KAFKA).relocation()).isEqualTo(new Relocation(Kind.RENAMED_TO, PINOT, "kafka.yaml"));
        assertThat(of(KAFKA).reason()).startsWith("looks like a rename to prod/pinot");
    }

    @Test
    void changedNamespaceCountsAsARenameInAnyFile() {
        EnsembleId moved = new EnsembleId("staging", "kafka");
        stores(KAFKA, spec(3, DeletionPolicy.Orphan), "prod.yaml");
        defines(moved, spec(5, DeletionPolicy.Orphan), "staging.yaml");
        defines(PINOT, spec(3, DeletionPolicy.Orphan), "pinot.yaml");

        assertThat(of(moved).relocation()).isEqualTo(new Relocation(Kind.RENAMED_FROM, KAFKA, "prod.yaml"));
        assertThat(of(PINOT).relocation()).as("an equal spec counts less").isNull();
    }

    @Test
    void equalSpecInAnotherFileLooksLikeARename() {
        stores(KAFKA, spec(3, DeletionPolicy.Delete), "kafka.yaml");
        defines(PINOT, spec(3, DeletionPolicy.Delete), "pinot.yaml");
        defines(SOLR, spec(5, DeletionPolicy.Delete), "solr.yaml");

        assertThat(of(KAFKA).action()).isEqualTo(Action.REMOVE);
        assertThat(of(KAFKA).reason()).contains("rename to prod/pinot", "prod/kafka would be deleted");
        assertThat(of(PINOT).relocation()).isEqualTo(new Relocation(Kind.RENAMED_FROM, KAFKA, "kafka.yaml"));
        assertThat(of(SOLR).relocation()).isNull();
    }

    @Test
    void heldRenameOfADeletableEnsembleNamesTheOtherOne() {
        stores(KAFKA, spec(3, DeletionPolicy.Delete), "kafka.yaml");
        defines(PINOT, spec(3, DeletionPolicy.Delete), "kafka.yaml");

        assertThat(of(KAFKA).action()).isEqualTo(Action.HOLD);
        assertThat(of(KAFKA).relocation()).isEqualTo(new Relocation(Kind.RENAMED_TO, PINOT, "kafka.yaml"));
        assertThat(of(KAFKA).reason()).contains("neither is changed").doesNotContain("bootstrapped");
    }

    @Test
    void removalOfSeveralEnsemblesWouldWait() {
        stores(KAFKA, spec(3, DeletionPolicy.Delete), "kafka.yaml");
        stores(PINOT, spec(3, DeletionPolicy.Orphan), "pinot.yaml");
        stores(SOLR, spec(5, DeletionPolicy.Orphan), "solr.yaml");
        defines(SOLR, spec(5, DeletionPolicy.Orphan), "solr.yaml");

        assertThat(of(KAFKA).action()).isEqualTo(Action.AWAIT_REMOVAL);
        assertThat(of(KAFKA).reason())
                .startsWith("the commit removes 2 ensembles")
                .contains("until the removal is confirmed", "would be deleted")
                .doesNotContain("planned");
        assertThat(of(PINOT).reason()).contains("would be orphaned");
    }
}
