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
    private static final int UNAVAILABLE = 503;

    private final Access access;
    private final SmallRyeHealthReporter health;

    HttpGuard(Settings settings, SmallRyeHealthReporter health) {
        this.access =
                new Access(settings.web().network(), settings.web().hosts().orElse(Set.of()));
        this.health = health;
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, BEFORE_ALL_OTHERS);
    }

    private void handle(RoutingContext context) {
        context.addHeadersEndHandler(
                sent -> SecurityHeaders.set(context.response().headers()));
        Access.Request request = request(context);
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

    private static boolean isLoopback(SocketAddress address) {
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

    private static void refuse(RoutingContext context, String why) {
        context.response()
                .setStatusCode(FORBIDDEN)
                .putHeader("Content-Type", "text/plain; charset=UTF-8")
                .end(why + "\n");
    }
}
