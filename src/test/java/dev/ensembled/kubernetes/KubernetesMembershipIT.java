package dev.ensembled.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Observed.Replicas;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.rollout.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members that join and leave, and the pods in which they are permitted to start. */
class KubernetesMembershipIT extends FormedEnsembleFixture {
    @Test
    void memberJoinsAndLeavesAndItsVolumeStays() {
        List<String> before = uids();
        Desired larger = desired("kafka", SPEC.replace("voters: 3", "voters: 3, observers: 1"));
        platform.act(larger, TestNamespace.apply(larger, platform.observe(larger, FORMED, ReadMode.FRESH)));
        Membership three = committed();
        permit(larger, 4, StartPermit.JOIN, three);
        TestNamespace.await("the learner to serve", () -> member(larger, 4).serves());
        assertThat(member(larger, 4).instance().orElseThrow().permit()).contains(StartPermit.JOIN);

        assertThat(reconfigure(Step.Change.JOIN, 4, three, three.with(4, false)))
                .isInstanceOf(Outcome.Applied.class);
        TestNamespace.await(
                "it to observe", () -> member(larger, 4).server().describe().equals("observer"));
        Membership four = committed();
        assertThat(four.observers()).containsExactly(4);

        assertThat(reconfigure(Step.Change.REMOVE, 4, four, four.without(4))).isInstanceOf(Outcome.Applied.class);
        assertThat(probe().replicas().count())
                .as("nothing but a step of its own takes a place away")
                .isEqualTo(4);
        platform.act(desired, TestNamespace.apply(desired, probe()));
        assertThat(probe().replicas().count()).isEqualTo(4);
        assertThat(platform.act(desired, new Step.ScaleDown(probe().replicas(), 3, List.of(4))))
                .isInstanceOf(Outcome.Applied.class);

        TestNamespace.await("its pod to go", () -> probe().members().size() == 3);
        assertThat(probe().volumes()).extracting(Volume::claim).contains("data-kafka-3");
        assertThat(uids()).isEqualTo(before);

        platform.observe(larger, FORMED, ReadMode.FRESH);
        platform.act(larger, TestNamespace.apply(larger, platform.observe(larger, FORMED, ReadMode.FRESH)));
        TestNamespace.await("what was removed not to start by itself", () -> member(larger, 4)
                .instance()
                .filter(instance -> instance.disk() == Disk.BLANK)
                .filter(instance -> instance.message().contains("was removed"))
                .isPresent());
        assertThat(platform.act(desired, new Step.ScaleDown(probe().replicas(), 3, List.of(4))))
                .isInstanceOf(Outcome.Applied.class);
        TestNamespace.await("its pod to go", () -> probe().members().size() == 3);
    }

    @Test
    void replicasAreRemovedFromTheObservedSetOnly() {
        Replicas seen = probe().replicas();
        patch("StatefulSet", "kafka", "{\"metadata\":{\"annotations\":{\"changed\":\"since\"}}}");

        assertThat(platform.act(desired, new Step.ScaleDown(seen, 2, List.of(3))))
                .isInstanceOf(Outcome.Stale.class);

        assertThat(probe().replicas().count()).isEqualTo(3);
    }

    @Test
    void startPermitIsGivenToTheObservedPodOnly() {
        Instance instance = instance(1);
        Instance another = with(instance, "00000000-0000-0000-0000-000000000000", instance.version());
        Instance older = with(instance, instance.uid(), "1");

        for (Instance other : List.of(another, older)) {
            assertThat(platform.act(desired, new Step.PermitStart(1, other, StartPermit.JOIN, committed())))
                    .isInstanceOf(Outcome.Stale.class);
        }
        assertThat(instance(1).permit()).isEqualTo(instance.permit());
    }

    private Outcome reconfigure(Step.Change change, int member, Membership from, Membership to) {
        Observed seen = probe();
        return platform.act(
                desired,
                new Step.Reconfigure(
                        change,
                        member,
                        from,
                        to,
                        seen.addressOf(seen.leader().orElseThrow().id())));
    }

    private Membership committed() {
        return probe().leader().orElseThrow().server().serving().orElseThrow().membership();
    }

    private List<String> uids() {
        return probe().members().stream()
                .filter(member -> member.id() <= 3)
                .map(member -> member.instance().orElseThrow().uid())
                .toList();
    }
}
