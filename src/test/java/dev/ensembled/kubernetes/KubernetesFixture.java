package dev.ensembled.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.stub.StatusBuilder;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** A platform in a namespace of a real cluster, with the reads and changes that its tests need. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KubernetesFixture {
    static final YAMLMapper YAML = new YAMLMapper();
    static final EnsembleStatus FORMED = StatusBuilder.bootstrapped().build();

    final TestNamespace cluster = new TestNamespace();
    final Asked asked = new Asked();
    final KubernetesPlatform platform =
            new KubernetesPlatform(cluster.client, cluster.cache, TestNamespace::ask, asked, Clock.systemUTC());

    /** Permits the start, again whenever the pod changes in between. */
    void permit(Desired ensemble, int member, StartPermit how, Membership membership) {
        TestNamespace.await("member " + member + " to be admitted", () -> platform.observe(
                        ensemble, FORMED, ReadMode.FRESH)
                .members()
                .get(member - 1)
                .instance()
                .map(instance -> platform.act(ensemble, new Step.PermitStart(member, instance, how, membership)))
                .filter(Outcome.Applied.class::isInstance)
                .isPresent());
    }

    @AfterAll
    void leave() {
        cluster.close();
    }

    Member member(Desired ensemble, int id) {
        return platform.observe(ensemble, FORMED, ReadMode.FRESH).members().get(id - 1);
    }

    static ObjectState object(Observed seen, String label) {
        return seen.objects().stream()
                .filter(object -> object.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    static Set<State> states(Observed observed) {
        return observed.objects().stream().map(ObjectState::state).collect(Collectors.toSet());
    }

    Desired desired(String name, String spec) {
        try {
            return Desired.of(new EnsembleId(cluster.namespace, name), YAML.readValue(spec, EnsembleSpec.class), 1);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
