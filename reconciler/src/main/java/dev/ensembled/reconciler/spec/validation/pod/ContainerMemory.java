package dev.ensembled.reconciler.spec.validation.pod;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Computes the memory of the server's container from the heap, unless the spec sets it. */
public final class ContainerMemory {
    private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1L << 20);
    private static final int OVERHEAD_MIB = 192;
    private static final int MIN_HEAP_MIB = 16;

    private ContainerMemory() {}

    /**
     * The heap in MiB, at least 16.
     *
     * @throws IllegalArgumentException if the heap is not a quantity
     */
    public static int heapMiB(String heap) {
        BigDecimal bytes = Quantity.getAmountInBytes(Quantity.parse(heap));
        return Math.max(MIN_HEAP_MIB, bytes.divide(MEBIBYTE, RoundingMode.DOWN).intValueExact());
    }

    /** The memory of the container in MiB: the heap, a quarter more, and 192 MiB for the JVM itself and its buffers. */
    public static int containerMiB(String heap) {
        int mebibytes = heapMiB(heap);
        return mebibytes + mebibytes / 4 + OVERHEAD_MIB;
    }
}
