package dev.ensembled.git;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/** Ends a body that trickles in; one that does not come at all is closed by whoever gives the fetch up. */
final class BoundedStream extends FilterInputStream {
    private final Deadline deadline;

    BoundedStream(InputStream in, Deadline deadline) {
        super(in);
        this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
        check();
        return super.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        check();
        return super.read(buffer, offset, length);
    }

    private void check() throws IOException {
        if (deadline.passed()) {
            throw new SocketTimeoutException("the answer did not end in time");
        }
    }
}
