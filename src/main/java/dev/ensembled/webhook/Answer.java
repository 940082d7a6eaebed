package dev.ensembled.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.Map;

/**
 * The answer to a request. It contains nothing of the request.
 *
 * @param body short JSON
 * @param retryAfter when the sender may try again; zero if that is not limited
 */
record Answer(int status, String body, Duration retryAfter) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SOON = Duration.ofSeconds(5);

    static final Answer REQUESTED = of(202, "fetch", "requested");
    static final Answer OTHER_EVENT = of(202, "fetch", "not requested: the event is not a push");
    static final Answer OTHER_REF = of(202, "fetch", "not requested: the source does not follow what was pushed");
    static final Answer PING = of(200, "ping", "ok");
    static final Answer NOT_FOUND = of(404, "error", "not found");
    static final Answer NOT_ALLOWED = of(405, "error", "expected the method POST");
    static final Answer TOO_LARGE = of(413, "error", "the body is too large");
    static final Answer FAILED = of(500, "error", "internal error; see the log of the daemon");
    static final Answer OVERLOADED =
            of(503, "error", "too many requests are being received").after(SOON);
    static final Answer STARTING =
            of(503, "error", "the daemon does not follow this source yet").after(SOON);
    static final Answer NO_SECRET = of(
            403,
            "error",
            "webhooks need a secret: put one into the file webhook-secret of the Git credentials"
                    + " (the key webhook-secret of the Secret ensembled-git); the log of the daemon has the details");

    static Answer unauthorized(String why) {
        return of(401, "error", why);
    }

    static Answer tooMany(Duration wait) {
        return of(429, "error", "too many requests").after(wait);
    }

    private static Answer of(int status, String key, String text) {
        try {
            return new Answer(status, JSON.writeValueAsString(Map.of(key, text)) + "\n", Duration.ZERO);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer after(Duration wait) {
        return new Answer(status, body, wait);
    }

    /** Returns the whole seconds for the header Retry-After, rounded up; zero for none. */
    long retryAfterSeconds() {
        return retryAfter.plusNanos(999_999_999).toSeconds();
    }
}
