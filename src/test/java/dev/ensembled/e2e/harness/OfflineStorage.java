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
 * Plays storage whose file systems grow only when they are mounted anew, for claims that exist. It says what a resizer says once a
 * disk has grown; and for each pod that takes the place of another, what the kubelet says once it has grown the file system.
 * The PersistentVolumes keep their size, or the kubelets would see to the rest under the running servers.
 */
public final class OfflineStorage implements AutoCloseable, ResourceEventHandler<Pod> {
    private static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
    /** Longer than a kubelet takes for a file system that grows while it is mounted. */
    private static final Duration LONG_AGO = Duration.ofSeconds(121);

    private final KubernetesClient client;
    private final String namespace;
    /** The UIDs of pods whose file systems are to grow with the next one of that name. */
    private final Map<String, String> pods = new ConcurrentHashMap<>();

    private final SharedIndexInformer<Pod> informer;

    /**
     * The test cluster's provisioner goes by this annotation, and leaves these claims alone from now on.
     *
     * @param uidsOfPods of those whose claims it plays, by name
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

    /** The disks have grown, and the file systems wait for another mount. */
    public void growDisks() {
        Instant since = Instant.now().minus(LONG_AGO).truncatedTo(ChronoUnit.SECONDS);
        tellOfAll(new PersistentVolumeClaimConditionBuilder()
                .withType("FileSystemResizePending")
                .withLastTransitionTime(since.toString()));
    }

    /** The disks cannot grow, with these words; as Kubernetes tells it of a resizer that gave up. */
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
        onAdd(pod); // an informer that missed the time in between tells of another pod like this
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
        // The next one of that name matters.
    }

    @Override
    public void close() {
        informer.close();
    }
}
