package dev.ensembled.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.ObjectVersion;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ensembles of one: pods that do not start, volumes that grow, and the password. */
class KubernetesSingleServerIT extends KubernetesFixture {
    @Test
    void missingImageIsPendingWithTheReason() {
        Desired single = desired(
                "broken",
                "{version: 3.9.5, image: 'localhost/none:1', voters: 1, jvm: {heap: 64Mi}, storage: {size: 1Gi}}");
        platform.act(
                single, TestNamespace.apply(single, platform.observe(single, EnsembleStatus.empty(), ReadMode.FRESH)));

        TestNamespace.await("the kubelet to give up once", () -> pending(single)
                .filter(instance -> instance.reason().matches("ErrImagePull|ImagePullBackOff"))
                .filter(instance -> instance.message().contains("localhost/none:1"))
                .isPresent());
        assertThat(pending(single).orElseThrow().knownNotRunning()).isTrue();
    }

    @Test
    void aPodThatFitsNoNodeIsPendingWithTheReason() {
        Desired single = desired(
                "homeless",
                "{version: 3.9.5, voters: 1, jvm: {heap: 64Mi}, storage: {size: 1Gi}, podTemplate: {spec: {nodeSelector: {no: such}}}}");
        platform.act(
                single, TestNamespace.apply(single, platform.observe(single, EnsembleStatus.empty(), ReadMode.FRESH)));

        TestNamespace.await("the scheduler to give up once", () -> pending(single)
                .filter(instance -> instance.reason().equals("Unschedulable"))
                .filter(instance -> instance.message().contains("nodes are available"))
                .isPresent());
    }

    @Test
    void volumesGrowAndTheSetIsRecreatedAroundItsPods() {
        String spec = "{version: 3.9.5, voters: 1, jvm: {heap: 64Mi}, storage: {size: 1Gi}}";
        Desired small = desired("growing", spec);
        apply(small);
        permit(small, 1, StartPermit.BOOTSTRAP, small.membership());
        TestNamespace.await("it to serve", () -> member(small, 1).serves());
        Instance before = member(small, 1).instance().orElseThrow();
        Desired large = desired("growing", spec.replace("1Gi", "2Gi"));
        apply(large);
        Observed seen = platform.observe(large, FORMED, ReadMode.FRESH);
        assertThat(object(seen, "StatefulSet/growing").state()).isEqualTo(State.LAGGING);
        assertThat(seen.target()).isPresent();
        ObjectVersion version = object(seen, "StatefulSet/growing").version();
        Volume volume = seen.volumes().get(0);
        assertThat(volume.requestedBytes()).isEqualTo(1L << 30);

        assertThat(platform.act(large, new Step.Expand(volume, 2L << 30))).isInstanceOf(Outcome.Applied.class);
        TestNamespace.await(
                "the volume to grow",
                () -> platform.observe(large, FORMED, ReadMode.FRESH)
                                .volumes()
                                .get(0)
                                .capacityBytes()
                        == 2L << 30);
        assertThat(platform.act(large, new Step.RecreateStatefulSet(1, "StatefulSet/growing", version)))
                .isInstanceOf(Outcome.Applied.class);

        assertThat(platform.act(large, new Step.Expand(volume, 4L << 30)))
                .as("decided on the former size")
                .isInstanceOf(Outcome.Stale.class);
        String uid = object(platform.observe(large, FORMED, ReadMode.FRESH), "StatefulSet/growing")
                .version()
                .uid();
        assertThat(platform.act(large, new Step.RecreateStatefulSet(1, "StatefulSet/growing", version)))
                .as("decided on the former StatefulSet")
                .isInstanceOf(Outcome.Stale.class);
        assertThat(object(platform.observe(large, FORMED, ReadMode.FRESH), "StatefulSet/growing")
                        .version()
                        .uid())
                .isEqualTo(uid)
                .isNotEqualTo(version.uid());

        TestNamespace.await("the set to be settled", () -> {
            Observed now = platform.observe(large, FORMED, ReadMode.FRESH);
            return states(now).equals(Set.of(State.CURRENT)) && now.target().isPresent();
        });
        Observed after = platform.observe(large, FORMED, ReadMode.FRESH);
        Instance same = after.members().get(0).instance().orElseThrow();
        assertThat(same.uid()).isEqualTo(before.uid());
        assertThat(same.revision()).isEqualTo(after.target().orElseThrow().id());
        assertThat(after.members().get(0).serves()).isTrue();
    }

    @Test
    void passwordIsCreatedOnceRotatedOnRequestAndRecreatedIfLost() {
        String spec = "{version: 3.9.5, voters: 1, jvm: {heap: 64Mi}, storage: {size: 1Gi}}";
        Desired first = desired("secretive", spec);
        apply(first);
        Map<String, String> made = secret("secretive-super");
        assertThat(made).containsOnlyKeys("password", "digest");
        apply(first);
        assertThat(secret("secretive-super")).as("made once").isEqualTo(made);
        Object template = template("secretive");

        Desired rotated = desired("secretive", spec.replace("voters: 1", "voters: 1, credentials: {rotation: 1}"));
        KubernetesPlatform later =
                new KubernetesPlatform(cluster.client, cluster.cache, TestNamespace::ask, asked, Clock.systemUTC());
        Observed seen = later.observe(rotated, FORMED, ReadMode.FRESH);
        assertThat(object(seen, "Secret/secretive-super").state()).isEqualTo(State.OUTDATED);
        later.act(rotated, TestNamespace.apply(rotated, seen));
        assertThat(secret("secretive-super"))
                .containsEntry("previous-password", made.get("password"))
                .doesNotContainEntry("password", made.get("password"));
        assertThat(template("secretive")).as("servers are restarted for it").isNotEqualTo(template);
        assertThat(states(later.observe(rotated, FORMED, ReadMode.FRESH))).containsExactly(State.CURRENT);
        later.act(rotated, new Step.Snapshot(1, new Member.HostPort("127.0.0.1", 2181), "3.9.5"));
        assertThat(asked.snapshots).containsExactly("member 1 at port 8080 with 2 passwords");

        Object rotatedTemplate = template("secretive");
        cluster.client
                .secrets()
                .inNamespace(cluster.namespace)
                .withName("secretive-super")
                .delete();
        KubernetesPlatform evenLater =
                new KubernetesPlatform(cluster.client, cluster.cache, TestNamespace::ask, asked, Clock.systemUTC());
        Observed lost = evenLater.observe(rotated, FORMED, ReadMode.FRESH);
        assertThat(object(lost, "Secret/secretive-super").state()).isEqualTo(State.DRIFTED);
        evenLater.act(rotated, TestNamespace.apply(rotated, lost));
        assertThat(secret("secretive-super")).containsKeys("password", "digest");
        assertThat(template("secretive")).isNotEqualTo(rotatedTemplate);

        TestNamespace.await("the blank disk to be reported", () -> member(first, 1)
                .instance()
                .filter(instance -> instance.disk() == Disk.BLANK)
                .filter(instance -> instance.message().contains("finds no data"))
                .isPresent());
    }

    @Test
    void podWithAnUnmountableVolumeIsPendingWithTheEventReason() {
        Desired single = desired(
                "unmountable",
                "{version: 3.9.5, voters: 1, jvm: {heap: 64Mi}, storage: {size: 1Gi}, podTemplate: {spec: {"
                        + "volumes: [{name: x, secret: {secretName: not-there}}],"
                        + "containers: [{name: zookeeper, volumeMounts: [{name: x, mountPath: /x}]}]}}}");
        apply(single);

        TestNamespace.await("the event", () -> pending(single)
                .filter(instance -> instance.reason().equals("FailedMount"))
                .filter(instance -> instance.message().contains("not-there"))
                .isPresent());
    }

    private void apply(Desired wanted) {
        Observed seen = platform.observe(wanted, EnsembleStatus.empty(), ReadMode.FRESH);
        assertThat(platform.act(wanted, TestNamespace.apply(wanted, seen))).isInstanceOf(Outcome.Applied.class);
    }

    private Map<String, String> secret(String name) {
        return cluster.client
                .secrets()
                .inNamespace(cluster.namespace)
                .withName(name)
                .get()
                .getData();
    }

    private Object template(String set) {
        return cluster.client
                .apps()
                .statefulSets()
                .inNamespace(cluster.namespace)
                .withName(set)
                .get()
                .getSpec()
                .getTemplate();
    }

    private Optional<Instance> pending(Desired single) {
        return platform.observe(single, EnsembleStatus.empty(), ReadMode.CACHED)
                .members()
                .get(0)
                .instance()
                .filter(instance -> instance.phase() == Phase.PENDING);
    }
}
