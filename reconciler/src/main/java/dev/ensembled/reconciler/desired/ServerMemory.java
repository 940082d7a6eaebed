package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.spec.model.EnsembleSpec.Jvm;
import dev.ensembled.reconciler.spec.validation.pod.ContainerMemory;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.ArrayList;
import java.util.List;

/** The JVM flags of a server, and the memory that its container needs for them. */
record ServerMemory(Jvm jvm) {
    /**
     * Returns the flags; a later flag overrides an earlier one. A server that ran out of memory exits at once and
     * reports it, instead of running on partially. Peers resolve each other's names again every second: a restarted pod
     * has a new address, and by default the JVM would keep the old one for 30 s.
     */
    String flags() {
        int heap = ContainerMemory.heapMiB(jvm.heap());
        List<String> flags = new ArrayList<>(List.of(
                "-Xms" + heap + "m",
                "-Xmx" + heap + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dsun.net.inetaddr.ttl=1",
                "-Dsun.net.inetaddr.negative.ttl=0"));
        flags.addAll(jvm.options());
        return String.join(" ", flags);
    }

    /**
     * Request and limit of memory are equal, so that the node never has to reclaim what a server uses. CPU has no
     * limit, because to the peers throttling looks like a failure. {@code ResourcesRule} compares what users write with
     * these values.
     */
    ResourceRequirements resources() {
        Quantity memory = new Quantity(String.valueOf(ContainerMemory.containerMiB(jvm.heap())), "Mi");
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100", "m"))
                .addToRequests("memory", memory)
                .addToLimits("memory", memory)
                .build();
    }
}
