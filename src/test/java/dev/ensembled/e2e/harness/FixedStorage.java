package dev.ensembled.e2e.harness;

import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** A storage class like the cluster's default one whose volumes cannot be expanded. */
public final class FixedStorage implements AutoCloseable {
    private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";

    private final KubernetesClient client;
    private final StorageClass fixed;

    /** @param namespace by which the class is named, since classes have no namespace */
    public FixedStorage(KubernetesClient client, String namespace) {
        this.client = client;
        StorageClass usual = client.storage().v1().storageClasses().list().getItems().stream()
                .filter(each ->
                        "true".equals(each.getMetadata().getAnnotations().get(DEFAULT)))
                .findFirst()
                .orElseThrow();
        fixed = new StorageClassBuilder(usual)
                .withNewMetadata()
                .withName("fixed-" + namespace)
                .endMetadata()
                .withAllowVolumeExpansion(false)
                .build();
        client.resource(fixed).create();
    }

    public String className() {
        return fixed.getMetadata().getName();
    }

    @Override
    public void close() {
        client.resource(fixed).delete();
    }
}
