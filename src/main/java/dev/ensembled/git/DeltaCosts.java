package dev.ensembled.git;

import java.util.Arrays;

/**
 * How much memory it takes to put together the objects of a pack that were sent as differences ("deltas") to others. They are
 * visited depth first, and an object stays in memory until the last of its own differences was visited. Objects are added in
 * the order of the pack, in which a base comes before what refers to it by its position.
 */
final class DeltaCosts {
    private static final int NO_BASE = -1;

    /** The depth of a chain whose shape is not known, since its bases are named and not pointed at. */
    private static final int USUAL_DEPTH = 50;

    private long[] positions = new long[64];
    private long[] sizes = new long[64];
    private long[] deltas = new long[64];
    private int[] bases = new int[64];
    private int count;
    private long named;
    private long largestNamed;

    /** An object that was sent as it is. */
    void whole(long position, long size) {
        add(position, size, 0, NO_BASE);
    }

    /**
     * A difference to an earlier object.
     *
     * @param base its position
     * @param size of the result
     * @param delta size of the difference
     * @return false if there is no object at that position
     */
    boolean delta(long position, long base, long size, long delta) {
        int index = Arrays.binarySearch(positions, 0, count, base);
        if (index < 0) {
            return false;
        }
        add(position, size, delta, index);
        return true;
    }

    /** A difference to an object that is named; where that one is in its chain is not known before all were hashed. */
    void deltaToNamed(long position, long baseSize, long size, long delta) {
        add(position, size, delta, NO_BASE);
        named++;
        largestNamed = Math.max(largestNamed, Math.max(size, baseSize) + delta);
    }

    private void add(long position, long size, long delta, int base) {
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, count * 2);
            sizes = Arrays.copyOf(sizes, count * 2);
            deltas = Arrays.copyOf(deltas, count * 2);
            bases = Arrays.copyOf(bases, count * 2);
        }
        positions[count] = position;
        sizes[count] = size;
        deltas[count] = delta;
        bases[count] = base;
        count++;
    }

    /** The most that is in memory at any moment. */
    long peak() {
        int[] children = new int[count];
        for (int index = 0; index < count; index++) {
            if (bases[index] != NO_BASE) {
                children[bases[index]]++;
            }
        }
        long peak = largestNamed * Math.min(named, USUAL_DEPTH);
        long[] above = new long[count]; // what its ancestors keep in memory while it is visited
        for (int index = 0; index < count; index++) {
            int base = bases[index];
            if (base != NO_BASE) {
                peak = Math.max(peak, above[base] + sizes[base] + deltas[index] + sizes[index]);
                above[index] = above[base] + (children[base] == 1 ? 0 : sizes[base]);
            }
        }
        return peak;
    }

    /** The largest object that is, or is the base of, a difference. */
    long largest() {
        long largest = largestNamed;
        for (int index = 0; index < count; index++) {
            if (bases[index] != NO_BASE) {
                largest = Math.max(largest, Math.max(sizes[index], sizes[bases[index]]));
            }
        }
        return largest;
    }
}
