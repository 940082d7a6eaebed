package dev.ensembled.forge.http;

import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.git.settings.DisplayText;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What an answer with an error status means. */
final class Refusal {
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** What GitHub asks for where it does not say how long to wait. */
    private static final Duration USUAL_WAIT = Duration.ofMinutes(1);

    private Refusal() {}

    static ForgeFailedException of(String what, Response response, String message, Clock clock) {
        String said = "The forge answered " + response.status() + " to " + what
                + (message.isEmpty() ? "" : ": " + DisplayText.oneLine(message));
        Optional<Duration> wait = wait(response.headers(), clock).or(() -> usualWait(response.status(), message));
        return switch (response.status()) {
            case 401 ->
                new ForgeFailedException(
                        Kind.CREDENTIALS,
                        said,
                        "The token is not valid or has expired: replace the file; it is read again at each request.");
            case 403 ->
                wait.isPresent()
                        ? limited(said, wait)
                        : new ForgeFailedException(
                                Kind.CREDENTIALS,
                                said,
                                "Give the token the rights that docs/pull-requests.md lists, and its user access to the"
                                        + " repository.");
            case 404, 410 ->
                new ForgeFailedException(
                        Kind.REQUEST,
                        said,
                        "Check the name of the repository, and that the user of the token has access to it.");
            case 408, 409 ->
                new ForgeFailedException(
                        Kind.TRANSIENT, said, "Another request is in progress; the request is repeated.", wait, null);
            case 429 -> limited(said, wait);
            case 301, 302, 303, 307, 308 ->
                new ForgeFailedException(
                        Kind.REQUEST,
                        said,
                        "Redirects are not followed: configure the address and the repository to which it redirects.");
            default ->
                response.status() >= 500
                        ? new ForgeFailedException(
                                Kind.TRANSIENT, said, "The request is repeated; check the forge.", wait, null)
                        : new ForgeFailedException(
                                Kind.REQUEST,
                                said,
                                "Read the message of the forge, and report it as a bug if it is unclear.");
        };
    }

    private static ForgeFailedException limited(String said, Optional<Duration> wait) {
        return new ForgeFailedException(
                Kind.TRANSIENT, said, "The rate limit of the forge is reached; the request is repeated.", wait, null);
    }

    private static Optional<Duration> usualWait(int status, String message) {
        boolean limited = status == 403 && message.toLowerCase(Locale.ROOT).contains("rate limit");
        return limited ? Optional.of(USUAL_WAIT) : Optional.empty();
    }

    /** {@code Retry-After} in seconds; GitHub says with other headers when the next hour of requests begins. */
    private static Optional<Duration> wait(HttpHeaders headers, Clock clock) {
        OptionalLong seconds = number(headers, "Retry-After");
        if (seconds.isEmpty() && number(headers, "X-RateLimit-Remaining").orElse(1) == 0) {
            seconds = number(headers, "X-RateLimit-Reset");
            if (seconds.isPresent()) {
                seconds =
                        OptionalLong.of(seconds.getAsLong() - Instant.now(clock).getEpochSecond());
            }
        }
        return seconds.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(Math.max(1, Math.min(seconds.getAsLong(), LONGEST_WAIT.toSeconds()))));
    }

    private static OptionalLong number(HttpHeaders headers, String name) {
        try {
            return headers.firstValueAsLong(name);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
