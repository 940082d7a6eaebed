package dev.ensembled.git.pack;

/** The first bytes of a delta: the sizes of its base and of its result, with seven bits in each byte. */
final class DeltaHeader {
    /** Larger than any object can be, but small enough that a sum of many does not overflow. */
    private static final long HUGE = 1L << 40;

    private static final int LARGEST_SHIFT = 33;

    private final long[] sizes = new long[2];
    private int index;
    private int shift;

    void reset() {
        sizes[0] = 0;
        sizes[1] = 0;
        index = 0;
        shift = 0;
    }

    /** Takes the next bytes of the delta; bytes after the header are ignored. */
    void accept(byte[] bytes, int length) {
        for (int at = 0; at < length && index < sizes.length; at++) {
            sizes[index] = shift > LARGEST_SHIFT ? HUGE : sizes[index] | ((long) (bytes[at] & 0x7f) << shift);
            shift += 7;
            if ((bytes[at] & 0x80) == 0) {
                index++;
                shift = 0;
            }
        }
    }

    long baseSize() {
        return sizes[0];
    }

    long resultSize() {
        return sizes[1];
    }
}
