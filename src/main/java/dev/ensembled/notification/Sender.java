package dev.ensembled.notification;

import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.transport.HttpAccess;
import dev.ensembled.git.transport.HttpClients;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sends a notification to one receiver, once. The files with the URL and the key are read for each request, so that they can be
 * replaced. No redirect is followed, and of the answer only status and headers are read. Used by one thread.
 */
final class Sender {
    /** A shorter key could be guessed from one recorded request; a shorter path, such as /alerts, is no secret. */
    private static final int SHORTEST_SECRET = 16;

    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);
    private static final String HMAC = "HmacSHA256";

    /** A repetition of the same body would be refused again. All other failures may end, such as a wrong URL. */
    private static final Set<Integer> REFUSES_THE_BODY = Set.of(400, 413, 415, 422);

    private final Receiver receiver;
    private final Format format;
    private final HttpClients clients;
    private final Duration timeout;

    Sender(Receiver receiver, String installation, Duration timeout) {
        this.receiver = receiver;
        this.format = new Format(receiver.type(), installation);
        this.clients = new HttpClients(
                Optional.of(receiver.credentials().resolve("ca.crt")), HttpFiles.in(receiver.credentials()));
        this.timeout = timeout;
    }

    /** How an attempt ended. */
    enum Outcome {
        DELIVERED,
        /** It would be refused again. */
        REFUSED,
        FAILED
    }

    /**
     * The result of an attempt.
     *
     * @param why it was not delivered, without secrets
     * @param retryAfter how long the receiver wants to be left alone
     */
    record Result(Outcome outcome, String why, Optional<Duration> retryAfter) {
        private static Result failed(String why) {
            return new Result(Outcome.FAILED, why, Optional.empty());
        }
    }

    Result send(Notification notification) throws InterruptedException {
        try {
            HttpAccess access = clients.current();
            HttpRequest.Builder request = request(format.of(notification));
            access.authorize(request);
            CompletableFuture<HttpResponse<InputStream>> response =
                    access.client().sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try {
                return result(response.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
            } finally {
                response.cancel(true);
            }
        } catch (SourceFailedException e) {
            return Result.failed(e.getMessage() + ". " + e.toDo());
        } catch (TimeoutException e) {
            return Result.failed("no answer within " + timeout.toSeconds() + " s");
        } catch (ExecutionException | IOException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            return Result.failed(DisplayText.oneLine(String.valueOf(cause)));
        }
    }

    private static Result result(HttpResponse<InputStream> response) throws IOException {
        // The answer is of no interest, and may be endless
        response.body().close();
        int status = response.statusCode();
        if (status / 100 == 2) {
            return new Result(Outcome.DELIVERED, "", Optional.empty());
        }
        return new Result(
                REFUSES_THE_BODY.contains(status) ? Outcome.REFUSED : Outcome.FAILED,
                "it answered with status " + status,
                response.headers().firstValue("Retry-After").flatMap(Sender::seconds));
    }

    private static Optional<Duration> seconds(String text) {
        return text.matches("\\d{1,9}")
                ? Optional.of(Duration.ofSeconds(Math.min(Long.parseLong(text), LONGEST_RETRY_AFTER.toSeconds())))
                : Optional.empty();
    }

    private HttpRequest.Builder request(Format.Body body) throws SourceFailedException {
        byte[] content = body.text().getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(url())
                .timeout(timeout)
                .header("Content-Type", body.contentType())
                .header("User-Agent", "ensembled")
                .POST(HttpRequest.BodyPublishers.ofByteArray(content));
        if (receiver.type() == Receiver.Type.WEBHOOK) {
            request.header("X-Signature", "sha256=" + HexFormat.of().formatHex(hmac(key(), content)));
        }
        return request;
    }

    private URI url() throws SourceFailedException {
        MountedFile file =
                new MountedFile("notification URL", receiver.credentials().resolve("url"));
        String text = file.text().orElseThrow(() -> absent(file));
        try {
            URI url = new URI(text);
            if (url.getHost() == null || url.getUserInfo() != null || !isAllowed(url.getScheme())) {
                throw file.failed(
                        "has no usable URL", "Write one https URL with a host and without a user name.", null);
            }
            Redaction.learn(receiver.name(), text);
            if (url.getRawPath().length() >= SHORTEST_SECRET) {
                Redaction.learn(receiver.name(), url.getRawPath());
            }
            return url;
        } catch (URISyntaxException e) {
            throw file.failed("has no URL", "Write one https URL.", null);
        }
    }

    /** The URL for Slack is a secret. The other types may be for a server in the same cluster. */
    private boolean isAllowed(String scheme) {
        return "https".equals(scheme) || ("http".equals(scheme) && receiver.type() != Receiver.Type.SLACK);
    }

    private byte[] key() throws SourceFailedException {
        MountedFile file = new MountedFile("HMAC key", receiver.credentials().resolve("hmac-key"));
        String text = file.text().orElseThrow(() -> absent(file));
        if (text.length() < SHORTEST_SECRET) {
            throw file.failed(
                    "has less than " + SHORTEST_SECRET + " characters", "Write a longer key, at random.", null);
        }
        Redaction.learn(receiver.name(), text);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static SourceFailedException absent(MountedFile file) {
        return file.failed("does not exist", "Mount it from a Secret; it is read again for each request.", null);
    }

    private static byte[] hmac(byte[] key, byte[] body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + HMAC, e);
        }
    }
}
