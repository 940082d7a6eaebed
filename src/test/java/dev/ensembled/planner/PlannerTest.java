package dev.ensembled.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.local.LocalEnsemble;
import dev.ensembled.planner.PlanRequest.File;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.SourceContext;
import dev.ensembled.reconciler.commitplan.CommitPlan;
import dev.ensembled.reconciler.commitplan.CommitPlan.Result;
import dev.ensembled.reconciler.commitplan.EnsemblePlan;
import dev.ensembled.reconciler.commitplan.EnsemblePlan.Action;
import dev.ensembled.reconciler.commitplan.PlanSummary;
import dev.ensembled.reconciler.commitplan.PlannedStep;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.reconciler.spec.validation.Policy.JvmOptions;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plans for an ensemble of real servers. */
@Timeout(180)
class PlannerTest {
    private static final SpecReader SPECS = new SpecReader(
            "streaming",
            new Policy(Set.of(), Optional.empty(), PodSecurity.RESTRICTED, JvmOptions.SAFE, Set.of(), Set.of()));

    @TempDir
    Path dir;

    private LocalEnsemble ensemble;
    private Planner planner;

    @BeforeEach
    void open() throws Exception {
        ensemble = new LocalEnsemble(dir);
        planner = planner("");
    }

    @AfterEach
    void close() throws Exception {
        planner.close();
        ensemble.close();
    }

    private Planner planner(String directory) {
        EnsembleForecast forecasts =
                new EnsembleForecast(ensemble.store(), ensemble.platform(), ensemble.platform(), Clock.systemUTC());
        return new Planner(
                ensemble.store(),
                forecasts,
                List.of(new PlannedSource(new Origin("test", "here"), SPECS, directory, () -> SourceContext.NONE)));
    }

    private static String yaml(int voters, int observers, String cnxns) {
        return """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata: {name: kafka, namespace: streaming}
                spec:
                  version: 3.9.5
                  voters: %d
                  observers: %d
                  config: {maxClientCnxns: %s}
                  jvm: {heap: 128Mi}
                  rollout: {settle: 0s}
                """
                .formatted(voters, observers, cnxns);
    }

    private static Desired desired(String yaml) {
        ParsedCommit parsed = SPECS.read(List.of(SourceFile.of("kafka.yaml", yaml)));
        assertThat(parsed.violations()).isEmpty();
        return Desired.of(LocalEnsemble.ID, parsed.ensembles().get(0).resource().getSpec(), 1);
    }

    private CommitPlan plan(File... files) {
        return planner.plan(new PlanRequest(List.of(files), false, null), namespace -> true);
    }

    private static File file(String path, String text) {
        return new File(path, text, null, false);
    }

    private EnsemblePlan kafka(CommitPlan plan) {
        assertThat(plan.ensembles()).hasSize(1);
        return plan.ensembles().get(0);
    }

    /** What the cycle then really does, without sanity tests. */
    private List<String> stepsOf(String yaml) throws InterruptedException {
        List<String> steps = new ArrayList<>();
        ensemble.accept(desired(yaml).spec());
        ensemble.drive(result -> {
            result.decision()
                    .act()
                    .filter(act -> act.step().sanityTest().isEmpty())
                    .ifPresent(act -> steps.add(act.step().describe()));
            return result.decision() instanceof Decision.Done;
        });
        return steps;
    }

    private static List<String> planned(EnsemblePlan plan) {
        return plan.steps().stream()
                .map(PlannedStep::step)
                .filter(step -> !step.startsWith("sanity test"))
                .toList();
    }

    @Test
    void stepsThatHappenAreThoseOfThePlan() throws Exception {
        ensemble.settle(desired(yaml(3, 0, "60")));

        // A roll, and the growth of the ensemble
        for (String next : List.of(yaml(3, 0, "61"), yaml(3, 1, "61"))) {
            EnsemblePlan plan = kafka(plan(file("kafka.yaml", next)));
            assertThat(planned(plan)).isNotEmpty().isEqualTo(stepsOf(next));
        }
    }

    @Test
    void planOfARollNamesTheFieldTheMarginAndTheEvictions() throws Exception {
        ensemble.settle(desired(yaml(3, 0, "60")));

        CommitPlan plan = plan(file("kafka.yaml", yaml(3, 0, "61")));

        assertThat(plan.result()).isEqualTo(Result.CHANGES);
        EnsemblePlan kafka = kafka(plan);
        assertThat(kafka.action()).isEqualTo(Action.UPDATE);
        assertThat(kafka.changes()).singleElement().satisfies(change -> {
            assertThat(change.path()).isEqualTo("config.maxClientCnxns");
            assertThat(change.before()).isEqualTo("60");
            assertThat(change.after()).isEqualTo("61");
        });
        assertThat(kafka.restarts()).isEqualTo(3);
        assertThat(kafka.steps())
                .filteredOn(PlannedStep::restart)
                .allSatisfy(step -> assertThat(step.votersThatMayFail()).isZero())
                .last()
                .satisfies(last -> assertThat(last.role()).isEqualTo("leader"));
        assertThat(kafka.evictions()).hasSize(3);
        // Nothing was changed by it
        assertThat(plan(file("kafka.yaml", yaml(3, 0, "60"))).result()).isEqualTo(Result.NO_CHANGES);
        // And metrics are turned on by a roll, too
        EnsemblePlan metrics = kafka(plan(file("kafka.yaml", yaml(3, 0, "60") + "  metrics: {}\n")));
        assertThat(metrics.changes())
                .extracting(change -> change.path() + " " + change.before() + " " + change.after())
                .containsExactly("metrics.port null 7000");
        assertThat(metrics.steps()).filteredOn(PlannedStep::restart).hasSize(3).allSatisfy(step -> assertThat(
                        step.reasons())
                .containsExactly(RestartReason.CONFIG_CHANGED));
    }

    @Test
    void stepsAfterAnApprovalAreShownAsIfItWereGiven() throws Exception {
        ensemble.settle(desired(yaml(3, 0, "60")));

        EnsemblePlan kafka = kafka(plan(file(
                "kafka.yaml",
                yaml(3, 0, "61").replace("rollout: {settle: 0s}", "rollout: {settle: 0s, approval: Always}"))));

        assertThat(kafka.ending().gate()).isEqualTo("approval");
        assertThat(kafka.restarts()).isZero();
        assertThat(kafka.afterGate().gates()).containsExactly("approval");
        assertThat(kafka.afterGate().restarts()).isEqualTo(3);
        assertThat(kafka.afterGate().steps().get(0).number())
                .isEqualTo(kafka.steps().size() + 1);
        assertThat(PlanSummary.of(kafka)).isEqualTo("changed, 3 restarts once the gate approval is open");
    }

    @Test
    void ensembleThatDoesNotExistIsCreated() {
        CommitPlan plan = plan(file("kafka.yaml", yaml(3, 0, "60")));

        assertThat(kafka(plan).action()).isEqualTo(Action.CREATE);
        assertThat(planned(kafka(plan)).get(0)).startsWith("bootstrap the ensemble");
    }

    @Test
    void hiddenNamespacesAndOtherDirectoriesAreLeftOut() {
        planner.close();
        planner = planner("clusters");
        File inside = file("clusters/kafka.yaml", yaml(3, 0, "60"));

        CommitPlan hidden = planner.plan(new PlanRequest(List.of(inside), false, null), namespace -> false);
        CommitPlan outside = plan(file("other/kafka.yaml", yaml(3, 0, "60")));

        assertThat(hidden.ensembles()).isEmpty();
        assertThat(hidden.notes()).singleElement().asString().contains("streaming");
        assertThat(outside.ensembles()).isEmpty();
        assertThat(outside.notes()).singleElement().asString().contains("outside of clusters");
        assertThat(plan(inside).ensembles()).hasSize(1);
    }

    @Test
    void fileThatNoLongerDefinesAnEnsembleOrphansIt() throws Exception {
        ensemble.accept(desired(yaml(1, 0, "60")).spec());

        EnsemblePlan emptied = kafka(plan(file("kafka.yaml", "")));
        CommitPlan otherFile = plan(file("solr.yaml", ""));
        CommitPlan all = planner.plan(new PlanRequest(List.of(file("solr.yaml", "")), true, null), namespace -> true);

        assertThat(emptied.action()).isEqualTo(Action.ORPHAN);
        assertThat(otherFile.ensembles()).isEmpty();
        assertThat(kafka(all).action()).isEqualTo(Action.ORPHAN);
    }

    @Test
    void sourceOfAPlanIsChosenByItsName() throws Exception {
        planner.close();
        planner = new Planner(
                ensemble.store(),
                new EnsembleForecast(ensemble.store(), ensemble.platform(), ensemble.platform(), Clock.systemUTC()),
                List.of(source("team-a", "a"), source("team-b", "b")));
        List<File> files = List.of(file("a/kafka.yaml", yaml(3, 0, "60")), file("b/kafka.yaml", yaml(3, 0, "60")));

        CommitPlan plan = planner.plan(new PlanRequest(files, true, "team-b"), namespace -> true);

        assertThat(kafka(plan).action()).isEqualTo(Action.CREATE);
        assertThat(plan.notes()).singleElement().asString().contains("outside of b");
        assertThatThrownBy(() -> planner.plan(new PlanRequest(files, true, null), namespace -> true))
                .isInstanceOf(Planner.UnknownSourceException.class)
                .hasMessage("the daemon has several sources, and the request names none: choose one of team-a, team-b"
                        + " (--source)");
        assertThatThrownBy(() -> planner.plan(new PlanRequest(files, true, "team-c"), namespace -> true))
                .hasMessage("the daemon has no source \"team-c\": choose one of team-a, team-b (--source)");
    }

    private static PlannedSource source(String name, String directory) {
        Origin origin = new Origin("test//" + directory, "here", name, Map.of());
        return new PlannedSource(origin, SPECS, directory, () -> SourceContext.NONE);
    }

    @Test
    void requestBeyondALimitIsRefusedByName() {
        PlanRequest many =
                new PlanRequest(Collections.nCopies(PlanRequest.MAX_FILES + 1, file("a.yaml", "")), true, null);

        assertThatThrownBy(() -> planner.plan(many, namespace -> true))
                .isInstanceOf(Planner.RequestTooLargeException.class)
                .hasMessageContaining("more than " + PlanRequest.MAX_FILES + " files");
        assertThat(plan(file("kafka.yaml", yaml(3, 0, "60") + "#".repeat(300_000)))
                        .violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.message()).contains("split it into several files"));
    }
}
