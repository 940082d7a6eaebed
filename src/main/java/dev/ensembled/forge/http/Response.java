package dev.ensembled.forge.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;

/**
 * A response whose body has been read.
 *
 * @param body at most one byte more than the limit
 */
@SuppressWarnings("ArrayRecordComponent") // used at once, and never compared
record Response(int status, HttpHeaders headers, byte[] body) {
    /** The largest body that is accepted, in bytes. */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    static Response read(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            return new Response(response.statusCode(), response.headers(), in.readNBytes(MAX_BYTES + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void close(HttpResponse<InputStream> response) {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean successful() {
        return status / 100 == 2;
    }

    boolean tooLarge() {
        return body.length > MAX_BYTES;
    }
}
