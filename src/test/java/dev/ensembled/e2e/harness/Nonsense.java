package dev.ensembled.e2e.harness;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Damages files of a transaction log. */
final class Nonsense {
    /** The prefix of the names of the ledger's znodes. */
    private static final byte[] NAME = "/ledger-".getBytes(StandardCharsets.US_ASCII);

    private static final int BLOCK = 4096;

    private Nonsense() {}

    /**
     * Changes the name in a transaction in the middle of the written part, so that its checksum is wrong. If the mark at
     * the end of a transaction were damaged too, ZooKeeper would consider the log to end there, and fetch the rest from
     * the leader.
     */
    static void intoTheMiddleOf(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            byte[] written = new byte[Math.toIntExact(written(file))];
            file.seek(0);
            file.readFully(written);
            for (int at = written.length / 2; at < written.length - NAME.length; at++) {
                if (Arrays.equals(written, at, at + NAME.length, NAME, 0, NAME.length)) {
                    file.seek(at);
                    file.write("nonsense".getBytes(StandardCharsets.US_ASCII));
                    return;
                }
            }
            throw new IllegalStateException(path + " holds no transaction of the ledger");
        }
    }

    /** Finds the end of the written part; the log file is longer, since its space is reserved with zeros. */
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
