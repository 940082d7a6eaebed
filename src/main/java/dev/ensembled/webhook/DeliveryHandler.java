package dev.ensembled.webhook;

import dev.ensembled.git.settings.Redaction;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Handles the delivery for one source: read the secret, verify, limit the rate, and request a fetch if the delivery asks for
 * one. A replayed delivery has no other effect than one more fetch, of which the source does at most one per second.
 * Thread-safe; reads a file.
 */
final class DeliveryHandler {
    private static final Logger LOG = Logger.getLogger(DeliveryHandler.class);

    private final Clock clock;
    private final RateLimiter limiter;
    private final Map<String, String> problems = new ConcurrentHashMap<>();

    DeliveryHandler(Limits limits, Clock clock) {
        this.clock = clock;
        this.limiter = new RateLimiter(limits.source(), System::nanoTime);
    }

    Answer handle(String name, HookedSource source, Delivery delivery) {
        Optional<List<Secret>> secrets = secrets(name, source);
        if (secrets.isEmpty()) {
            return Answer.NO_SECRET;
        }
        Verification verified = Verification.of(delivery, secrets.get(), clock.instant());
        if (verified.provider().isEmpty()) {
            LogEntry.of("webhook refused")
                    .with(LogKey.SOURCE, name)
                    .with(LogKey.REASON, verified.refusal())
                    .debug(LOG);
            return Answer.unauthorized(verified.refusal());
        }
        // Only verified deliveries count, so that other senders cannot use up the rate.
        Duration wait = limiter.take(name);
        if (!wait.isZero()) {
            LogEntry.of("webhook refused")
                    .with(LogKey.SOURCE, name)
                    .with(LogKey.REASON, "rate limit")
                    .debug(LOG);
            return Answer.tooMany(wait);
        }
        return answer(name, source, verified.provider().get(), delivery);
    }

    private static Answer answer(String name, HookedSource source, Provider provider, Delivery delivery) {
        Hint hint = Hint.of(provider, delivery, source.follows());
        LogEntry.of("webhook received")
                .with(LogKey.SOURCE, name)
                .with(LogKey.PROVIDER, provider)
                .with(LogKey.HINT, hint)
                .info(LOG);
        return switch (hint) {
            case FETCH -> source.fetch().getAsBoolean() ? Answer.REQUESTED : Answer.STARTING;
            case PLAN_PULL_REQUESTS -> source.planPullRequests().getAsBoolean() ? Answer.REQUESTED : Answer.OTHER_EVENT;
            case PING -> Answer.PING;
            case OTHER_EVENT -> Answer.OTHER_EVENT;
            case OTHER_REF -> Answer.OTHER_REF;
        };
    }

    /** Reads the current secrets; empty if there is none, with a warning in the log when the reason changes. */
    Optional<List<Secret>> secrets(String name, HookedSource source) {
        String problem;
        try {
            Optional<String> text = source.secret().text();
            if (text.isPresent()) {
                List<Secret> secrets = Secret.parse(text.get());
                text.get().lines().map(String::strip).forEach(line -> Redaction.learn("webhook", line));
                problems.remove(name);
                return Optional.of(secrets);
            }
            problem = source.secret().path() + " does not exist";
        } catch (SourceFailedException e) {
            problem = e.getMessage() + " " + e.toDo();
        } catch (IllegalArgumentException e) {
            problem = source.secret().path() + " has no valid secret: " + e.getMessage();
        }
        if (!problem.equals(problems.put(name, problem))) {
            LogEntry.of("webhooks are refused")
                    .with(LogKey.SOURCE, name)
                    .with(LogKey.REASON, problem)
                    .with(
                            LogKey.TODO,
                            "put a secret of at least " + Secret.SHORTEST
                                    + " characters into this file; it is read again for each request")
                    .warn(LOG);
        }
        return Optional.empty();
    }
}
