package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/** A disruption budget of another owner, which allows no disruption of an ensemble until it is lifted. */
public record Freeze(KubernetesClient client, PodDisruptionBudget budget) {
    public static final String NAME = "freeze";

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** Creates the budget, and waits until the API server counts its pods. */
    public static Freeze of(Stage stage, Ensemble ensemble) {
        PodDisruptionBudget budget = new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(stage.namespace())
                .endMetadata()
                .withNewSpec()
                .withNewMaxUnavailable(0)
                .withNewSelector()
                .withMatchLabels(ensemble.statefulSet().getSpec().getSelector().getMatchLabels())
                .endSelector()
                .endSpec()
                .build();
        int pods = ensemble.statefulSet().getSpec().getReplicas();
        stage.client().resource(budget).create();
        await("the budget is counted").atMost(TIMEOUT).until(() -> {
            PodDisruptionBudget now = stage.client().resource(budget).get();
            return now.getStatus() != null
                    && Integer.valueOf(pods).equals(now.getStatus().getCurrentHealthy());
        });
        return new Freeze(stage.client(), budget);
    }

    /** Deletes the budget. */
    public void lift() {
        client.resource(budget).delete();
    }
}
