package dev.ensembled.e2e.harness;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Simulates storage whose file systems grow only when they are mounted again, for existing claims. It writes what a
 * resizer reports after a disk has grown and, for each pod that replaces another, what the kubelet reports after it has
 * grown the file system. The PersistentVolumes keep their size; otherwise the kubelets would do the rest under the
 * running servers.
 */
public final class OfflineStorage implements AutoCloseable, ResourceEventHandler<Pod> {
    private static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
    /** Longer than a kubelet takes to grow a mounted file system. */
    private static final Duration LONG_AGO = Duration.ofSeconds(121);

    private final KubernetesClient client;
    private final String namespace;
    /** The UIDs of the pods whose file systems grow with the next pod of the same name. */
    private final Map<String, String> pods = new ConcurrentHashMap<>();

    private final SharedIndexInformer<Pod> informer;

    /**
     * Takes over the claims: the test cluster's provisioner honors this annotation, and leaves them alone from now on.
     *
     * @param uidsOfPods the pods of the claims, by name
     */
    public OfflineStorage(KubernetesClient client, String namespace, Map<String, String> uidsOfPods) {
        this.client = client;
        this.namespace = namespace;
        pods.putAll(uidsOfPods);
        uidsOfPods.keySet().forEach(pod -> client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(claim(pod))
                .edit(claim -> new PersistentVolumeClaimBuilder(claim)
                        .editMetadata()
                        .addToAnnotations(PROVISIONER, "example.com/nobody")
                        .endMetadata()
                        .build()));
        informer = client.pods().inNamespace(namespace).inform(this);
    }

    private static String claim(String pod) {
        return "data-" + pod;
    }

    /** Reports that the disks have grown, and that the file systems wait for a remount. */
    public void growDisks() {
        Instant since = Instant.now().minus(LONG_AGO).truncatedTo(ChronoUnit.SECONDS);
        tellOfAll(new PersistentVolumeClaimConditionBuilder()
                .withType("FileSystemResizePending")
                .withLastTransitionTime(since.toString()));
    }

    /** Reports with this message that the disks cannot grow, as Kubernetes does for a resizer that gave up. */
    public void refuse(String words) {
        tellOfAll(new PersistentVolumeClaimConditionBuilder()
                .withType("ControllerResizeError")
                .withMessage(words));
    }

    private void tellOfAll(PersistentVolumeClaimConditionBuilder condition) {
        pods.keySet()
                .forEach(pod -> tell(pod, claim -> new PersistentVolumeClaimBuilder(claim)
                        .editStatus()
                        .withConditions(condition.withStatus("True").build())
                        .endStatus()
                        .build()));
    }

    @Override
    public void onAdd(Pod pod) {
        String name = pod.getMetadata().getName();
        String before = pods.get(name);
        if (before != null && !before.equals(pod.getMetadata().getUid())) {
            pods.remove(name);
            tell(name, claim -> new PersistentVolumeClaimBuilder(claim)
                    .editStatus()
                    .withCapacity(claim.getSpec().getResources().getRequests())
                    .withConditions(List.of())
                    .endStatus()
                    .build());
        }
    }

    private void tell(String pod, UnaryOperator<PersistentVolumeClaim> status) {
        client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(claim(pod))
                .editStatus(status);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        onAdd(pod); // an informer that was disconnected reports another pod this way
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
        // Only the next pod of that name matters.
    }

    @Override
    public void close() {
        informer.close();
    }
}
