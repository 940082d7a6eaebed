package dev.ensembled.git.pack;

import dev.ensembled.git.failure.TooMuchException;

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

    void bytes(long sent) throws TooMuchException {
        if (sent > bytes) {
            throw new TooMuchException("the newest commit alone takes more than " + bytes / MIB + " MiB to transfer");
        }
    }

    void objects(long count) throws TooMuchException {
        if (count < 0 || count > objects) {
            throw new TooMuchException("the newest commit alone has more than " + objects + " files and directories");
        }
    }

    void tree(long size) throws TooMuchException {
        if (size < 0 || size > tree) {
            throw new TooMuchException("it has a directory, a commit message or a tag of " + mib(size)
                    + ", and at most " + mib(tree) + " can be read");
        }
    }

    void inflated(long total) throws TooMuchException {
        if (total < 0 || total > inflated) {
            throw new TooMuchException("the newest commit alone has more than " + mib(inflated) + " in its files");
        }
    }

    void memory(long needed, long largest) throws TooMuchException {
        if (needed < 0 || needed > memory) {
            throw new TooMuchException("it has an object of " + mib(largest) + " that the server sends as a difference"
                    + " to others; putting it together takes " + mib(needed) + " of memory, and at most " + mib(memory)
                    + " are spent on that");
        }
    }

    private static String mib(long bytes) {
        return Math.max(1, bytes / MIB) + " MiB";
    }
}
