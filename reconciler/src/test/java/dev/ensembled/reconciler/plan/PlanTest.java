package dev.ensembled.reconciler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static Plan plan(Scene scene) {
        return Plan.of(scene.desired(), scene.observed());
    }

    @Test
    void ensembleInTheDesiredStateHasAnEmptyPlan() {
        assertThat(plan(Scene.of(3).object("Service", State.CURRENT))).isEqualTo(new Plan(List.of(), List.of()));
    }

    @Test
    void planOmitsCurrentObjectsAndObjectsInConflict() {
        Plan plan = plan(Scene.of(3)
                .object("Secret", State.SURPLUS)
                .object("Service", State.CURRENT)
                .object("ConfigMap", State.MISSING)
                .object("Ingress", State.DRIFT_CONFLICT)
                .object("StatefulSet", State.OUTDATED)
                .object("PodDisruptionBudget", State.DRIFTED));

        assertThat(plan.objects())
                .extracting(ObjectState::kind)
                .containsExactly("Secret", "ConfigMap", "StatefulSet", "PodDisruptionBudget");
    }

    @Test
    void restartsAreOrderedByTheCostOfAnAbsence() {
        Plan plan = plan(Scene.of(5, 2)
                .ledBy(1)
                .wanting("new")
                .member(4)
                .crashed()
                .member(5)
                .unknown()
                .scene());

        assertThat(plan.restarts())
                .extracting(outdated -> outdated.member().id())
                .containsExactly(4, 5, 6, 7, 2, 3, 1);
    }

    @Test
    void planOmitsUpToDateMembersAndMembersWithoutAnInstance() {
        Plan plan = plan(Scene.of(3)
                .wanting("new")
                .member(1)
                .revision("new")
                .member(2)
                .withoutInstance()
                .scene());

        assertThat(plan.restarts())
                .extracting(outdated -> outdated.member().id())
                .containsExactly(3);
    }

    @Test
    void planHasNoRestartsWhileTheTargetRevisionIsUnknown() {
        assertThat(plan(Scene.of(3).withoutTarget()).restarts()).isEmpty();
    }

    @Test
    void planNamesTheAspectsOfAnOutdatedMember() {
        assertThat(reasons(Map.of("config", "config-of-old", "image", "another")))
                .containsExactly(RestartReason.IMAGE_CHANGED);
        assertThat(reasons(Map.of("config", "another", "image", "another", "jvm", "more")))
                .containsExactly(RestartReason.CONFIG_CHANGED, RestartReason.IMAGE_CHANGED, RestartReason.JVM_CHANGED);
    }

    @Test
    void podTemplateIsNamedWhenNoAspectDiffers() {
        assertThat(reasons(Map.of("config", "config-of-old", "image", "image")))
                .containsExactly(RestartReason.POD_TEMPLATE_CHANGED);
    }

    private static List<RestartReason> reasons(Map<String, String> wanted) {
        Observed seen = Scene.of(1).observed();
        Observed outdated = new Observed(
                seen.objects(),
                Optional.of(new Revision("new", wanted)),
                seen.members(),
                seen.budgets(),
                seen.replicas(),
                true,
                List.of(),
                seen.status());
        return Plan.of(Scene.of(1).desired(), outdated).restarts().get(0).reasons();
    }
}
