package dev.ensembled.web;

import dev.ensembled.daemon.Settings;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;

/** Handles every HTTP request before the endpoints do: decides by {@link Access}, and sets the security headers. */
@ApplicationScoped
public class HttpGuard {
    private static final int BEFORE_ALL_OTHERS = 1_000_000;
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int TOO_LARGE = 413;
    private static final int UNAVAILABLE = 503;

    /** The only endpoint that reads a larger body, after it has authenticated the client. */
    private static final String PLAN = "/api/v1/plan";

    private static final int MAX_BODY = 16 * 1024;

    private final Access access;
    private final SmallRyeHealthReporter health;

    HttpGuard(Settings settings, SmallRyeHealthReporter health) {
        this.access = new Access(
                settings.web().network(),
                settings.metrics().network(),
                settings.web().hosts().orElse(Set.of()));
        this.health = health;
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, BEFORE_ALL_OTHERS);
    }

    private void handle(RoutingContext context) {
        context.addHeadersEndHandler(
                sent -> SecurityHeaders.set(context.response().headers()));
        Access.Request request = request(context);
        if (!request.path().equals(PLAN) && mayExceed(context.request())) {
            answer(
                    context,
                    TOO_LARGE,
                    "The body of this request may have at most " + MAX_BODY + " bytes, and needs a"
                            + " Content-Length.");
            return;
        }
        switch (access.verdict(request)) {
            case SERVE -> context.next();
            case PROBE ->
                probe(request.probe())
                        .subscribe()
                        .with(outcome -> answer(context, outcome), failure -> answer(context, false));
            case FOR_LOOPBACK_ONLY ->
                refuse(
                        context,
                        "Available on the loopback address only: use kubectl port-forward deployment/ensembled 8080, or set"
                                + " ENSEMBLED_WEB_NETWORK=true.");
            case UNKNOWN_HOST ->
                refuse(
                        context,
                        "Unknown host name in the request: use localhost, or add the host name to ENSEMBLED_WEB_HOSTS.");
            case OTHER_SITE -> refuse(context, "Cross-origin requests are not allowed.");
            default -> throw new IllegalStateException("unexpected verdict");
        }
    }

    private static Access.Request request(RoutingContext context) {
        HttpServerRequest request = context.request();
        return new Access.Request(
                isLoopback(request.localAddress()),
                request.method().name(),
                request.path(),
                Optional.ofNullable(request.authority())
                        .map(HostAndPort::toString)
                        .orElse(""),
                Optional.ofNullable(request.getHeader("Origin")).orElse(""));
    }

    static boolean isLoopback(SocketAddress address) {
        try {
            return address != null
                    && address.hostAddress() != null
                    && InetAddress.getByName(address.hostAddress()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private Uni<Boolean> probe(String name) {
        Uni<SmallRyeHealth> outcome =
                switch (name) {
                    case "live" -> health.getLivenessAsync();
                    case "ready" -> health.getReadinessAsync();
                    default -> health.getStartupAsync();
                };
        return outcome.map(one -> !one.isDown());
    }

    /** Answers in the format of the health endpoints, without the details of the checks. */
    private static void answer(RoutingContext context, boolean up) {
        context.response()
                .setStatusCode(up ? OK : UNAVAILABLE)
                .putHeader("Content-Type", "application/json; charset=UTF-8")
                .end("{\"status\": \"" + (up ? "UP" : "DOWN") + "\"}\n");
    }

    private static boolean mayExceed(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length == null
                ? request.getHeader("Transfer-Encoding") != null
                : !length.matches("[0-9]{1,5}") || Integer.parseInt(length) > MAX_BODY;
    }

    private static void refuse(RoutingContext context, String why) {
        answer(context, FORBIDDEN, why);
    }

    private static void answer(RoutingContext context, int status, String why) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=UTF-8")
                .end(why + "\n");
    }
}
