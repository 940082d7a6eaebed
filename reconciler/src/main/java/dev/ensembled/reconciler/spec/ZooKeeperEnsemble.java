package dev.ensembled.reconciler.spec;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** The resource in the cluster, and, without its status, the document in the repository. */
@Group(ZooKeeperEnsemble.GROUP)
@Version(ZooKeeperEnsemble.VERSION)
@ShortNames("zke")
public class ZooKeeperEnsemble extends CustomResource<EnsembleSpec, EnsembleStatus> implements Namespaced {
    public static final String GROUP = "ensembled.dev";
    public static final String VERSION = "v1alpha1";

    private static final long serialVersionUID = 1;

    /** The identity of this resource; its namespace must be set. */
    public EnsembleId id() {
        return new EnsembleId(getMetadata().getNamespace(), getMetadata().getName());
    }
}
