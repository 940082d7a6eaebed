package dev.ensembled.reconciler.spec.validation.pod;

import dev.ensembled.reconciler.spec.model.EnsembleSpec.Jvm;
import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.validation.server.JvmRule;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The resources of every container, as they are rendered: the values of the file over the defaults of the server's
 * container. Some API servers accept a StatefulSet whose pods they then refuse, so that a healthy server would be
 * stopped for a pod that is never created.
 */
public final class ResourcesRule implements SpecRule {
    private static final String SERVER = "spec.containers[" + PodContainer.SERVER + "].resources";

    @Override
    public void check(Mapping spec, Findings findings) {
        String heap = spec.scalar("jvm", "heap").map(Scalar::text).orElse(new Jvm(null, null).heap());
        Set<String> unset = NullFields.unset(spec);
        for (PodContainer container : PodContainer.of(spec)) {
            boolean withHeap = container.server() && JvmRule.isHeap(heap);
            Map<String, String> requests = new TreeMap<>();
            Map<String, String> limits = new TreeMap<>();
            if (withHeap) {
                String memory = ContainerMemory.containerMiB(heap) + "Mi";
                put(requests, unset, "requests", "cpu", "100m");
                put(requests, unset, "requests", "memory", memory);
                put(limits, unset, "limits", "memory", memory);
            }
            Optional<String> ofServer = withHeap ? Optional.of(heap) : Optional.empty();
            new ContainerResources(container, ofServer, requests, limits, findings).check();
        }
    }

    private static void put(Map<String, String> defaults, Set<String> unset, String kind, String name, String amount) {
        boolean removed = unset.contains(SERVER)
                || unset.contains(SERVER + "." + kind)
                || unset.contains(SERVER + "." + kind + "." + name);
        if (!removed) {
            defaults.put(name, amount);
        }
    }
}
