package dev.ensembled.kubernetes.client;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Requests to the API server about a pod that has a problem, for data that is not watched for all pods: at most one every
 * ten seconds per pod. Thread-safe.
 */
public final class ThrottledLookup<T> {
    private static final Duration ASKED_AGAIN = Duration.ofSeconds(10);
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private final Clock clock;
    private final Map<String, Answer<T>> answers = new ConcurrentHashMap<>();

    public ThrottledLookup(Clock clock) {
        this.clock = clock;
    }

    private record Answer<T>(Instant asked, Optional<T> answer) {}

    /** Returns a current answer, or one that is at most ten seconds old. */
    public Optional<T> ask(String uid, Supplier<Optional<T>> question) {
        Instant now = clock.instant();
        Answer<T> known = answers.get(uid);
        if (known == null || now.isAfter(known.asked().plus(ASKED_AGAIN))) {
            known = new Answer<>(now, question.get());
            answers.values().removeIf(answer -> now.isAfter(answer.asked().plus(FORGOTTEN)));
            answers.put(uid, known);
        }
        return known.answer();
    }
}
