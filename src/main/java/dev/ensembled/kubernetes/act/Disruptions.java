package dev.ensembled.kubernetes.act;

import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.rollout.Gate;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.Eviction;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** Evicts or deletes pods: only the exact pod that was observed, in the state in which it was observed. */
public record Disruptions(KubernetesClient client, RecentWrites writes) {

    /**
     * Evicts a pod, if every budget that covers it allows that. The pod is read again before the call, because the API
     * server takes from the budget (for up to two minutes) before it checks the preconditions. For the same reason, the UID
     * is the only precondition of the call: with a resource version, a kubelet that writes the pod's status at that moment
     * would make the call fail and leave the budget blocked.
     */
    public Outcome evict(ObjectNames names, Instance instance) {
        Pod pod = client.pods()
                .inNamespace(names.id().namespace())
                .withName(instance.name())
                .get();
        if (pod == null
                || !pod.getMetadata().getUid().equals(instance.uid())
                || !pod.getMetadata().getResourceVersion().equals(instance.version())) {
            return new Outcome.Stale("pod " + instance.name() + " changed since it was observed");
        }
        return ask(
                names,
                instance,
                "evict",
                () -> client.raw(path(names, instance) + "/eviction", "POST", eviction(names, instance)));
    }

    /**
     * Asks the API server whether it would evict this pod now. With a dry run it checks the budgets and calls the admission
     * controllers, and neither evicts the pod nor takes from a budget.
     */
    public Outcome tryEviction(ObjectNames names, Instance instance) {
        try {
            String answer =
                    client.raw(path(names, instance) + "/eviction?dryRun=All", "POST", eviction(names, instance));
            return answer == null
                    ? new Outcome.Stale("pod " + instance.name() + " no longer exists")
                    : new Outcome.Applied();
        } catch (KubernetesClientException e) {
            return refused(instance, "try the eviction of", new ApiFailure(e));
        }
    }

    private static Eviction eviction(ObjectNames names, Instance instance) {
        return new EvictionBuilder()
                .withNewMetadata()
                .withNamespace(names.id().namespace())
                .withName(instance.name())
                .endMetadata()
                .withDeleteOptions(thisLife(instance).build())
                .build();
    }

    /** Deletes a pod in which no server serves. */
    public Outcome delete(ObjectNames names, Instance instance) {
        return ask(names, instance, "delete", () -> client.raw(path(names, instance), "DELETE", exactly(instance)));
    }

    private interface Call {
        String make();
    }

    private Outcome ask(ObjectNames names, Instance instance, String doing, Call call) {
        try {
            if (call.make() == null) {
                return new Outcome.Stale("pod " + instance.name() + " no longer exists");
            }
            writes.asked(names, instance.name(), instance.uid());
            return new Outcome.Applied();
        } catch (KubernetesClientException e) {
            return refused(instance, doing, new ApiFailure(e));
        }
    }

    private static Outcome refused(Instance instance, String doing, ApiFailure failure) {
        Optional<Outcome> blocked = failure.blockedByBudget();
        if (blocked.isPresent()) {
            return blocked.get();
        }
        Optional<String> words = failure.refusedByAdmission();
        if (words.isPresent()) {
            return new Outcome.Blocked(Gate.EVICTION_REFUSED, words.get());
        }
        if (failure.notFound() || failure.isConflict()) {
            return new Outcome.Stale("pod " + instance.name() + ": " + failure.message());
        }
        if (failure.refused()) {
            return new Outcome.Blocked(Gate.REFUSED_BY_API, failure.message());
        }
        throw failure.retryLater(doing + " pod " + instance.name());
    }

    private static String path(ObjectNames names, Instance instance) {
        return "/api/v1/namespaces/" + names.id().namespace() + "/pods/" + instance.name();
    }

    private static DeleteOptions exactly(Instance instance) {
        return thisLife(instance)
                .editPreconditions()
                .withResourceVersion(instance.version())
                .endPreconditions()
                .build();
    }

    private static DeleteOptionsBuilder thisLife(Instance instance) {
        return new DeleteOptionsBuilder()
                .withApiVersion("v1")
                .withKind("DeleteOptions")
                .withNewPreconditions()
                .withUid(instance.uid())
                .endPreconditions();
    }
}
