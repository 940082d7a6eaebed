package dev.ensembled.git.pack;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The stream of a pack, whose reader gets a byte only after {@link PackScan} has checked it. */
final class ScannedStream extends FilterInputStream {
    private final PackScan scan;

    ScannedStream(InputStream in, PackScan scan) {
        super(in);
        this.scan = scan;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            scan.accept(buffer, offset, count);
        } else {
            scan.end();
        }
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
