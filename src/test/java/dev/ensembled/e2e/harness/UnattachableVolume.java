package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSIDriverBuilder;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachmentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A volume that no node can attach, bound to a claim that a member will use. Kubernetes requests the attachment; this
 * class refuses it, as the attacher of a storage driver does.
 */
public final class UnattachableVolume implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final KubernetesClient client;
    private final CSIDriver driver;
    private final PersistentVolume volume;
    private final PersistentVolumeClaim claim;

    /** @param sibling a claim of another member, from which labels and size are copied */
    public UnattachableVolume(KubernetesClient client, PersistentVolumeClaim sibling, String claimName) {
        this.client = client;
        String namespace = sibling.getMetadata().getNamespace();
        String name = "unattachable-" + namespace;
        Map<String, Quantity> size = sibling.getSpec().getResources().getRequests();
        List<String> modes = sibling.getSpec().getAccessModes();
        driver = new CSIDriverBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withAttachRequired(true)
                .endSpec()
                .build();
        volume = new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withStorageClassName("")
                .withCapacity(size)
                .withAccessModes(modes)
                .withPersistentVolumeReclaimPolicy("Retain")
                .withNewClaimRef()
                .withNamespace(namespace)
                .withName(claimName)
                .endClaimRef()
                .withNewCsi()
                .withDriver(name)
                .withVolumeHandle("disk")
                .endCsi()
                .endSpec()
                .build();
        ObjectMeta likeTheOthers = new ObjectMeta();
        likeTheOthers.setNamespace(namespace);
        likeTheOthers.setName(claimName);
        likeTheOthers.setLabels(sibling.getMetadata().getLabels());
        claim = new PersistentVolumeClaimBuilder()
                .withMetadata(likeTheOthers)
                .withNewSpec()
                .withStorageClassName("")
                .withVolumeName(name)
                .withAccessModes(modes)
                .withNewResources()
                .withRequests(size)
                .endResources()
                .endSpec()
                .build();
        client.resource(driver).create();
        client.resource(volume).create();
        // The claim comes after its volume is known, or its binding would be tried again only after a while.
        await("the volume is known").atMost(TIMEOUT).until(() -> "Available"
                .equals(client.resource(volume).get().getStatus().getPhase()));
        client.resource(claim).create();
        await("the claim has its volume").atMost(TIMEOUT).until(() -> "Bound"
                .equals(client.resource(claim).get().getStatus().getPhase()));
    }

    /** Waits until the attachment of the volume is requested, and refuses it with these words. */
    public void refuse(String words) {
        await("an attachment is asked for").atMost(Duration.ofMinutes(1)).until(() -> attachment()
                .isPresent());
        client.resource(attachment().orElseThrow()).editStatus(asked -> new VolumeAttachmentBuilder(asked)
                .withNewStatus()
                .withAttached(false)
                .withNewAttachError()
                .withMessage(words)
                .withTime(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .endAttachError()
                .endStatus()
                .build());
    }

    /** The attachment in Kubernetes; empty before it is requested, and after it was given up. */
    public Optional<VolumeAttachment> attachment() {
        return client.storage().v1().volumeAttachments().list().getItems().stream()
                .filter(asked -> asked.getSpec()
                        .getAttacher()
                        .equals(driver.getMetadata().getName()))
                .findFirst();
    }

    @Override
    public void close() {
        client.resource(claim).delete();
        attachment().ifPresent(asked -> client.resource(asked).delete());
        client.resource(volume).delete();
        client.resource(driver).delete();
    }
}
