package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.spec.model.StorageSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The volumes that the pods of an ensemble mount: the member's volumes, scratch space with the lifetime of the pod, the
 * files of the ConfigMap, the start permit of this pod, and from the super user's Secret the digest, never the
 * password.
 *
 * @param configMap the name of the ConfigMap
 */
record PodVolumes(ObjectNames ensemble, String configMap, StorageSpec storage) {
    static final String CONFIG = "ensembled-config";
    static final String DATA = "data";
    static final String LOG = "datalog";
    static final String SCRIPTS = "/ensembled";

    private static final String START_PERMIT = "ensembled-start-permit";
    private static final String SUPER = "ensembled-super";

    /**
     * Snapshots and the transaction log are on volumes; a log without its own volume shares the volume of the
     * snapshots.
     */
    List<VolumeMount> mounts() {
        return List.of(
                mount(DATA, "/data", "data"),
                mount(storage.log() == null ? DATA : LOG, "/datalog", "datalog"),
                mount("conf", "/conf", null),
                mount("logs", "/logs", null),
                mount("tmp", "/tmp", null),
                readOnly(CONFIG, SCRIPTS),
                readOnly(START_PERMIT, "/ensembled-start-permit"),
                readOnly(SUPER, "/ensembled-super"));
    }

    /** Returns all volumes except the member's own, which come from claims. */
    List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        for (String scratch : List.of("conf", "logs", "tmp")) {
            volumes.add(volume(scratch).withNewEmptyDir().endEmptyDir().build());
        }
        volumes.add(volume(CONFIG)
                .withNewConfigMap()
                .withName(configMap)
                .endConfigMap()
                .build());
        volumes.add(volume(START_PERMIT)
                .withNewDownwardAPI()
                .addNewItem()
                .withPath("start-permit")
                .withNewFieldRef()
                .withFieldPath("metadata.annotations['" + StartPermitText.KEY + "']")
                .endFieldRef()
                .endItem()
                .endDownwardAPI()
                .build());
        volumes.add(volume(SUPER)
                .withNewSecret()
                .withSecretName(ensemble.superSecret())
                // A server starts without it too: keeping the quorum is more important than the ability to be
                // reconfigured.
                .withOptional(true)
                .addNewItem()
                .withKey("digest")
                .withPath("digest")
                .endItem()
                .endSecret()
                .build());
        return volumes;
    }

    /** Returns the names that no other volume may have. */
    List<String> names() {
        List<String> names = new ArrayList<>(List.of(DATA, LOG));
        volumes().forEach(volume -> names.add(volume.getName()));
        return names;
    }

    private static VolumeBuilder volume(String name) {
        return new VolumeBuilder().withName(name);
    }

    private static VolumeMount mount(String volume, String path, String subPath) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withSubPath(subPath)
                .build();
    }

    private static VolumeMount readOnly(String volume, String path) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(true)
                .build();
    }
}
