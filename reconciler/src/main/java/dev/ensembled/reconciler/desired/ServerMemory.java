package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.spec.EnsembleSpec.Jvm;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** The JVM flags of a server, and the memory that its container needs for them. */
record ServerMemory(Jvm jvm) {
    private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1024L * 1024L);
    private static final int OVERHEAD_MIB = 192;

    /**
     * The heap in MiB, at least 16.
     *
     * @throws IllegalArgumentException if the heap is no quantity
     */
    private int heapMiB() {
        BigDecimal bytes = Quantity.getAmountInBytes(Quantity.parse(jvm.heap()));
        return Math.max(16, bytes.divide(MEBIBYTE, RoundingMode.DOWN).intValueExact());
    }

    /**
     * The flags, of which later ones win. A server that ran out of memory ends at once and says so, in place of going on in
     * part. Peers resolve each other's names anew every second: a restarted pod has a new
     * address, and by default the JVM would keep the old one for 30 s.
     */
    String flags() {
        int heap = heapMiB();
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
     * Request and limit of memory are equal, so that the node never has to take back what a server uses; heap plus a
     * quarter plus 192 MiB for the JVM itself and its buffers. CPU has no limit, since throttling looks like a failure
     * to the peers.
     */
    ResourceRequirements resources() {
        int heap = heapMiB();
        Quantity memory = new Quantity(String.valueOf(heap + heap / 4 + OVERHEAD_MIB), "Mi");
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100", "m"))
                .addToRequests("memory", memory)
                .addToLimits("memory", memory)
                .build();
    }
}
