package dev.ensembled.git.pack;

import dev.ensembled.git.failure.LimitExceededException;

/**
 * The limits of one transfer. All sizes are in bytes.
 *
 * @param bytes the size of the pack as it is sent; the pack is stored on disk beside the previous pack
 * @param inflated the size of all objects together after decompression, which takes time
 * @param objects the number of objects; each takes some memory while the pack is indexed
 * @param tree the size of the largest tree, commit or tag; each is held in memory
 * @param memory the memory for objects that were sent as deltas, while they are resolved
 */
public record PackLimits(long bytes, long inflated, int objects, long tree, long memory) {
    private static final long MIB = 1024 * 1024;

    /** The limits of this process: deltas may use a quarter of its heap, which leaves enough memory for everything else. */
    public static PackLimits ofThisProcess() {
        return new PackLimits(
                384 * MIB, 4096 * MIB, 500_000, 16 * MIB, Runtime.getRuntime().maxMemory() / 4);
    }

    /** The limits of a transfer that only has to show how two commits are related; ten thousand commits take a few MiB. */
    public static PackLimits ofHistory() {
        return new PackLimits(
                32 * MIB, 512 * MIB, 200_000, 16 * MIB, Runtime.getRuntime().maxMemory() / 4);
    }

    void bytes(long sent) throws LimitExceededException {
        if (sent > bytes) {
            throw new LimitExceededException("the pack exceeds " + mib(bytes));
        }
    }

    void objects(long count) throws LimitExceededException {
        if (count < 0 || count > objects) {
            throw new LimitExceededException("the pack has more than " + objects + " objects");
        }
    }

    void tree(long size) throws LimitExceededException {
        if (size < 0 || size > tree) {
            throw new LimitExceededException(
                    "the pack has a tree, commit or tag object of " + mib(size) + "; the maximum is " + mib(tree));
        }
    }

    void inflated(long total) throws LimitExceededException {
        if (total < 0 || total > inflated) {
            throw new LimitExceededException(
                    "the objects of the pack exceed " + mib(inflated) + " after decompression");
        }
    }

    void memory(long needed, long largest) throws LimitExceededException {
        if (needed < 0 || needed > memory) {
            throw new LimitExceededException("resolving the deltas of the pack, whose largest object has "
                    + mib(largest) + ", requires " + mib(needed) + " of memory; the maximum is " + mib(memory));
        }
    }

    private static String mib(long bytes) {
        return Math.max(1, bytes / MIB) + " MiB";
    }
}
