package dev.ensembled.webhook;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Receives the body of a request within the limits: of this body, and of all bodies that are being received. */
final class BodyReader {
    /** The bodies that are being received, together, in bytes. */
    static final class Memory {
        private final AtomicInteger used = new AtomicInteger();
    }

    private final Limits limits;
    private final Memory memory;
    private final Consumer<byte[]> complete;
    private final Consumer<Answer> refused;
    private Buffer body = Buffer.buffer();
    private int held;
    private boolean ended;

    private BodyReader(Limits limits, Memory memory, Consumer<byte[]> complete, Consumer<Answer> refused) {
        this.limits = limits;
        this.memory = memory;
        this.complete = complete;
        this.refused = refused;
    }

    /**
     * Receives the body on the thread of the request, and calls one of the consumers, or none if the connection ends before
     * the body does. A body whose announced length is over the limit is refused before anything of it is received.
     */
    static void read(
            HttpServerRequest request,
            Limits limits,
            Memory memory,
            Consumer<byte[]> complete,
            Consumer<Answer> refused) {
        if (announced(request) > limits.body()) {
            refused.accept(Answer.TOO_LARGE);
            return;
        }
        if (request.headers().contains("Expect", "100-continue", true)) {
            request.response().writeContinue();
        }
        BodyReader reader = new BodyReader(limits, memory, complete, refused);
        request.handler(reader::received);
        request.exceptionHandler(failure -> reader.release());
        request.endHandler(end -> reader.end());
    }

    /** Zero for a body that is sent in chunks. */
    private static long announced(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private void received(Buffer chunk) {
        if (ended) {
            return;
        }
        held += chunk.length();
        boolean full = memory.used.addAndGet(chunk.length()) > limits.buffered();
        if (held > limits.body() || full) {
            release();
            refused.accept(full ? Answer.OVERLOADED : Answer.TOO_LARGE);
        } else {
            body.appendBuffer(chunk);
        }
    }

    private void end() {
        if (!ended) {
            byte[] bytes = body.getBytes();
            release();
            complete.accept(bytes);
        }
    }

    private void release() {
        if (!ended) {
            ended = true;
            memory.used.addAndGet(-held);
            body = Buffer.buffer();
        }
    }
}
