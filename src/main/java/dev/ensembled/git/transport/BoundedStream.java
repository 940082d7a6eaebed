package dev.ensembled.git.transport;

import dev.ensembled.git.failure.LimitExceededException;
import dev.ensembled.git.settings.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Ends a body that arrives too slowly or is too long; {@link HttpConnections#end} closes a body that does not arrive. */
final class BoundedStream extends FilterInputStream {
    private static final int BEGINNING = 1_024;

    private final Deadline deadline;
    private final long allowed;
    private final Consumer<String> listener;
    private final StringBuilder beginning = new StringBuilder();
    private boolean notified;
    private long received;

    /**
     * Creates a stream for one body.
     *
     * @param allowed the number of bytes that the body may have
     * @param listener called once, with the beginning of the body
     */
    BoundedStream(InputStream in, Deadline deadline, long allowed, Consumer<String> listener) {
        super(in);
        this.deadline = deadline;
        this.allowed = allowed;
        this.listener = listener;
    }

    @Override
    public int read() throws IOException {
        check();
        int value = super.read();
        if (value >= 0) {
            onBytes(new byte[] {(byte) value}, 0, 1);
        } else {
            notifyListener();
        }
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        check();
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            onBytes(buffer, offset, count);
        } else {
            notifyListener();
        }
        return count;
    }

    private void onBytes(byte[] bytes, int offset, int count) throws LimitExceededException {
        received += count;
        if (received > allowed) {
            throw new LimitExceededException("the response exceeds " + allowed / (1024 * 1024) + " MiB");
        }
        if (notified) {
            return;
        }
        int first = Math.min(count, BEGINNING - beginning.length());
        beginning.append(new String(bytes, offset, first, StandardCharsets.ISO_8859_1));
        if (beginning.length() == BEGINNING) {
            notifyListener();
        }
    }

    private void notifyListener() {
        if (!notified) {
            notified = true;
            listener.accept(beginning.toString());
        }
    }

    @Override
    public void close() throws IOException {
        notifyListener();
        super.close();
    }

    private void check() throws IOException {
        if (deadline.passed()) {
            throw new SocketTimeoutException("response not complete before the fetch timeout");
        }
    }
}
