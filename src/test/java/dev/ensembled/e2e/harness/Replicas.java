package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;

/** The replicas of the daemon in one namespace, and their Lease. */
public record Replicas(KubernetesClient client, String namespace) {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final String NAME = "ensembled";

    /** The replica that the Lease names: name and UID of its pod. */
    public record Leader(String pod, String uid) {}

    /** Waits until a replica leads whose pod is there, while another one is ready, and returns it. */
    public Leader awaitTwo() {
        await("a replica leads, and another is ready")
                .atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> ready().size() == 2
                        && ready().stream()
                                .anyMatch(pod -> pod.getMetadata().getUid().equals(leader().uid())));
        return leader();
    }

    /** Waits until another replica than this one leads, and returns it. */
    public Leader awaitOtherThan(Leader before) {
        await("another replica than " + before.pod() + " leads")
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> !leader().uid().equals(before.uid()));
        return leader();
    }

    /** The replica that leads. */
    public Leader leader() {
        String[] identity = spec().getHolderIdentity().split("_", 2);
        return new Leader(identity[0], identity[1]);
    }

    /** How often the leader has changed. */
    public int transitions() {
        return spec().getLeaseTransitions();
    }

    /** How often the containers in the pod of this replica were started again. */
    public int restarts(Leader replica) {
        return client.pods()
                .inNamespace(namespace)
                .withName(replica.pod())
                .get()
                .getStatus()
                .getContainerStatuses()
                .get(0)
                .getRestartCount();
    }

    /** Deletes the pod of this replica at once. */
    public void kill(Leader replica) {
        client.pods()
                .inNamespace(namespace)
                .withName(replica.pod())
                .withGracePeriod(0)
                .delete();
    }

    /** Deletes the pod of this replica, which may end in order. */
    public void end(Leader replica) {
        client.pods().inNamespace(namespace).withName(replica.pod()).delete();
    }

    /** Rolls the Deployment of the daemon. */
    public void roll() {
        TestCluster.kubectl("rollout", "restart", "--namespace", namespace, "deployment/" + NAME)
                .run();
    }

    private LeaseSpec spec() {
        return client.leases()
                .inNamespace(namespace)
                .withName(NAME + "-leader")
                .get()
                .getSpec();
    }

    private List<Pod> ready() {
        return client
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/component", "daemon")
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True")))
                .toList();
    }
}
