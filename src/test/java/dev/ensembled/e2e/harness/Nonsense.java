package dev.ensembled.e2e.harness;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/** Damages files. */
final class Nonsense {
    private static final int LENGTH = 512;
    private static final int BLOCK = 4096;

    private Nonsense() {}

    /** Into the middle of what was written; a log is longer than that, since its space is reserved with zeros. */
    static void intoTheMiddleOf(Path path) throws IOException {
        byte[] nonsense = new byte[LENGTH];
        Arrays.fill(nonsense, (byte) 0x5a);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            long written = written(file);
            if (written < 4 * LENGTH) {
                throw new IllegalStateException(path + " holds only " + written + " bytes");
            }
            file.seek(written / 2);
            file.write(nonsense);
        }
    }

    private static long written(RandomAccessFile file) throws IOException {
        byte[] block = new byte[BLOCK];
        byte[] zeros = new byte[BLOCK];
        long at = 0;
        while (at + BLOCK <= file.length()) {
            file.seek(at);
            file.readFully(block);
            if (Arrays.equals(block, zeros)) {
                return at;
            }
            at += BLOCK;
        }
        return at;
    }
}
