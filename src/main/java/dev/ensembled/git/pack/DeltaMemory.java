package dev.ensembled.git.pack;

import java.util.Arrays;

/**
 * Computes how much memory it takes to resolve the objects of a pack that were sent as deltas to other objects. Deltas are
 * resolved depth first, and an object stays in memory until the last delta to it has been resolved. Objects are added in the
 * order of the pack, in which a base comes before a delta that refers to it by position.
 */
final class DeltaMemory {
    private static final int NO_BASE = -1;

    /** The assumed depth of a chain whose shape is not known, since its deltas refer to their bases by id. */
    private static final int USUAL_DEPTH = 50;

    private long[] positions = new long[64];
    private long[] sizes = new long[64];
    private long[] deltas = new long[64];
    private int[] bases = new int[64];
    private int count;
    private long named;
    private long largestNamed;

    /** Adds an object that was not sent as a delta. */
    void whole(long position, long size) {
        add(position, size, 0, NO_BASE);
    }

    /**
     * Adds a delta to an earlier object.
     *
     * @param position the position of the delta
     * @param base the position of the earlier object
     * @param size the size of the result
     * @param delta the size of the delta
     * @return false if there is no object at the position of the base
     */
    boolean delta(long position, long base, long size, long delta) {
        int index = Arrays.binarySearch(positions, 0, count, base);
        if (index < 0) {
            return false;
        }
        add(position, size, delta, index);
        return true;
    }

    /** Adds a delta to an object that is given by its id; its place in a chain is not known until all objects are hashed. */
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

    /** The maximum size of the objects that are in memory at the same time. */
    long peak() {
        int[] children = new int[count];
        for (int index = 0; index < count; index++) {
            if (bases[index] != NO_BASE) {
                children[bases[index]]++;
            }
        }
        long peak = largestNamed * Math.min(named, USUAL_DEPTH);
        long[] above = new long[count]; // what its bases keep in memory while it is resolved
        for (int index = 0; index < count; index++) {
            int base = bases[index];
            if (base != NO_BASE) {
                peak = Math.max(peak, above[base] + sizes[base] + deltas[index] + sizes[index]);
                above[index] = above[base] + (children[base] == 1 ? 0 : sizes[base]);
            }
        }
        return peak;
    }

    /** The size of the largest object that is a delta or the base of a delta. */
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
