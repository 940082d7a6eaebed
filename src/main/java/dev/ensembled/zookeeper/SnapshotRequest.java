package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.rollout.Gate;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;

/**
 * Has a server write a snapshot of its data to its own disk, by the command {@code snapshot} of its AdminServer, which
 * exists from ZooKeeper 3.9 on.
 *
 * <p>A 3.9.5 server answers as follows: 200 with a header {@code last_zxid} and a JSON text when the snapshot is
 * written; but also 200, without that header, when the server does not serve or does not know the command. The command
 * requires a user with all permissions on "/": until "/" is protected by an ACL, that is any user that sends a
 * password, and always the super user. Two requests must be 0.3 s apart
 * ({@code zookeeper.admin.rateLimiterIntervalInMS}, which the server interprets as microseconds). The password is sent
 * over plain HTTP, as it is in a session without TLS. This class is thread-safe; no password is written to a message or
 * a log.
 */
public final class SnapshotRequest {
    /** The port of an AdminServer unless {@code admin.serverPort} sets another. */
    public static final int DEFAULT_PORT = 8080;

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final String OR_WITHOUT_SNAPSHOT =
            ", or set admin.enableServer to false in spec.config to upgrade without a snapshot";

    private final Duration deadline;
    private final HttpClient client;

    /** Creates an instance that gives a server one minute to write the snapshot, for each password that is tried. */
    public SnapshotRequest() {
        this(Duration.ofMinutes(1));
    }

    public SnapshotRequest(Duration deadline) {
        this.deadline = deadline;
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * Requests a snapshot and waits until it is written.
     *
     * @param adminServer host and {@code admin.serverPort}
     * @param passwords the passwords of the super user, the newest first; the next one is tried if one is refused
     * @return {@link Outcome.Applied} if it is written, {@link Outcome.Blocked} if the server cannot or may not write
     *     it
     * @throws RetryLaterException if the server did not finish in time, or the connection broke
     */
    public Outcome take(HostPort adminServer, List<String> passwords) {
        Outcome outcome = blocked(adminServer, "no password of the super user is available");
        for (String password : passwords) {
            try {
                HttpResponse<InputStream> answer = ask(adminServer, password);
                outcome = outcome(adminServer, answer);
                if (!refusesPassword(answer.statusCode())) {
                    return outcome;
                }
            } catch (HttpConnectTimeoutException | ConnectException e) {
                return blocked(
                        adminServer,
                        "no AdminServer is listening: set admin.enableServer to true" + OR_WITHOUT_SNAPSHOT);
            } catch (HttpTimeoutException e) {
                throw new RetryLaterException("snapshot by " + adminServer + " not written before the deadline", e);
            } catch (IOException e) {
                throw new RetryLaterException("snapshot request to " + adminServer + " failed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RetryLaterException("snapshot request to " + adminServer + " was interrupted", e);
            }
        }
        return outcome;
    }

    /** The body is never read, because it may be of any length and adds nothing to the status and the headers. */
    private HttpResponse<InputStream> ask(HostPort adminServer, String password)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + adminServer + "/commands/snapshot?streaming=false"))
                .timeout(deadline)
                .header("Authorization", "digest super:" + password)
                .GET()
                .build();
        HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
        answer.body().close();
        return answer;
    }

    private static Outcome outcome(HostPort adminServer, HttpResponse<InputStream> answer) {
        return switch (answer.statusCode()) {
            case 200 ->
                answer.headers().firstValue("last_zxid").isPresent()
                        ? new Outcome.Applied()
                        : blocked(
                                adminServer,
                                "the server is not serving, or its version does not support the snapshot command: wait"
                                        + OR_WITHOUT_SNAPSHOT);
            case 401, 403 ->
                blocked(
                        adminServer,
                        "the server does not accept the super user's password: restore the Secret that its digest was generated from"
                                + OR_WITHOUT_SNAPSHOT);
            case 404 ->
                blocked(
                        adminServer,
                        "the AdminServer has no such command URL: set admin.enableServer to true, and admin.commandURL to /commands"
                                + OR_WITHOUT_SNAPSHOT);
            case 429 -> blocked(adminServer, "the server limits the rate of snapshots; the request is retried");
            case 503 ->
                blocked(
                        adminServer,
                        "the snapshot command is disabled: set admin.snapshot.enabled to true" + OR_WITHOUT_SNAPSHOT);
            default ->
                blocked(
                        adminServer,
                        "the server responded with HTTP status " + answer.statusCode()
                                + ": see its log for the reason, and check its disk space");
        };
    }

    private static boolean refusesPassword(int status) {
        return status == 401 || status == 403;
    }

    private static Outcome blocked(HostPort adminServer, String reason) {
        return new Outcome.Blocked(Gate.SNAPSHOT, "snapshot by " + adminServer + ": " + reason);
    }
}
