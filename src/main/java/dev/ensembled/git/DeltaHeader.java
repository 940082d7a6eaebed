package dev.ensembled.git;

/** The first bytes of a difference: the sizes of its base and of its result, seven bits in each byte. */
final class DeltaHeader {
    /** More than anything can have, and so little that many of them can be added. */
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

    /** The next bytes of the difference; those after the header do not matter. */
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
