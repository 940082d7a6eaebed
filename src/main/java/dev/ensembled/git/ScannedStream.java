package dev.ensembled.git;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A pack on its way to its reader, which gets no byte that was not looked at before. */
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
