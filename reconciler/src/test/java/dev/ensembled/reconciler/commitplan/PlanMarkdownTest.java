package dev.ensembled.reconciler.commitplan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Golden;
import dev.ensembled.reconciler.commitplan.EnsemblePlan.Action;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanMarkdownTest {
    private static final EnsembleId SOLR = new EnsembleId("search", "solr");

    @Test
    void planIsWrittenAsInTheGoldenFile() {
        CommitPlan plan = CommitPlan.of(
                List.of(),
                List.of(
                        CommitPlanTest.update(
                                List.of(
                                        CommitPlanTest.restart(1, 1, "follower", 20L),
                                        CommitPlanTest.restart(2, 2, "leader", 35L)),
                                new PlannedEnding(PlannedEnding.Kind.DONE, null, null, null),
                                List.of(
                                        new EvictionTrial(
                                                1,
                                                "kafka-0",
                                                false,
                                                "budget",
                                                "Cannot evict pod as it would violate the pod's disruption budget. zk-budget"))),
                        EnsemblePlan.without(SOLR, "solr.yaml", Action.ORPHAN, "solr.yaml no longer defines it"),
                        EnsemblePlan.without(
                                new EnsembleId("search", "pinot"),
                                "teams/pinot.yaml",
                                Action.KEEP,
                                "its definition moves from pinot.yaml; the ensemble stays the same"),
                        EnsemblePlan.without(
                                new EnsembleId("search", "hbase"),
                                "hbase.yaml",
                                Action.AWAIT_REMOVAL,
                                "two are removed")),
                List.of("files outside of clusters are left out: 2"));

        Golden.verify("reconciler/src/test/resources/golden/plan.md", PlanMarkdown.of(plan));
    }

    @Test
    void stepsAfterAGateAreMarkedInTheSummaryAndBelowIt() {
        EnsemblePlan held = new EnsemblePlan(
                SOLR,
                "solr.yaml",
                Action.UPDATE,
                null,
                null,
                List.of(),
                List.of(),
                new PlannedEnding(PlannedEnding.Kind.HELD, "budget", "blocked by budget team", null),
                new PlannedContinuation(
                        List.of("budget"),
                        List.of(CommitPlanTest.restart(1, 2, "follower", 20L)),
                        new PlannedEnding(PlannedEnding.Kind.DONE, null, null, null)),
                List.of());

        String markdown = PlanMarkdown.of(CommitPlan.of(List.of(), List.of(held), List.of()));

        assertThat(markdown)
                .contains("`search/solr`: changed, 1 restart once the gate budget is open")
                .containsSubsequence(
                        "**Would be held at the gate budget**", "As if the gate budget were open:", "restart member 2");
    }

    @Test
    void textsFromOutsideFormNoMarkup() {
        String hostile = "a`b``c|d\n<img src=x onerror=alert(1)> @everyone [x](http://evil) **b**";
        CommitPlan plan = CommitPlan.of(
                List.of(new Violation(hostile, 1, 1, "", hostile)),
                List.of(new EnsemblePlan(
                        SOLR,
                        hostile,
                        Action.UPDATE,
                        hostile,
                        null,
                        List.of(new FieldChange(hostile, hostile, null)),
                        List.of(),
                        new PlannedEnding(PlannedEnding.Kind.STALLED, "budget", hostile, null),
                        null,
                        List.of(new EvictionTrial(1, hostile, false, null, hostile)))),
                List.of(hostile));

        String outsideOfCodeSpans = PlanMarkdown.of(plan).replaceAll("(`+)(?!`).*?[^`]\\1(?!`)", "");

        assertThat(outsideOfCodeSpans).doesNotContain("<img", "@everyone", "[x](", "**b**");
        assertThat(PlanMarkdown.of(plan).lines().filter(line -> line.startsWith("| `")))
                .as("rows of the table of fields, whose cells end at bars without a backslash")
                .allSatisfy(row -> assertThat(row.split("(?<!\\\\)\\|", -1)).hasSize(5));
    }

    @Test
    void longPlanIsCutBetweenParagraphsBelowTheLimitOfForges() {
        List<EnsemblePlan> many = Collections.nCopies(
                800,
                EnsemblePlan.without(
                        SOLR, "solr.yaml", Action.ORPHAN, "solr.yaml no longer defines it; it keeps running."));

        String markdown = PlanMarkdown.of(CommitPlan.of(List.of(), many, List.of()));

        assertThat(markdown).hasSizeLessThan(65_536).endsWith("run `ensembled plan` to see the rest.\n");
    }
}
