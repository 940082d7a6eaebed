package dev.ensembled.web;

import dev.ensembled.access.Authorizer;
import dev.ensembled.access.Authorizer.UnavailableException;
import dev.ensembled.access.User;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The client of one request to the API, and what it may do; each namespace is asked for once.
 *
 * <p>Confined to one thread.
 */
final class ApiUser {
    private static final String SCHEME = "Bearer ";
    private static final int LONGEST_TOKEN = 8 * 1024;

    private final Authorizer authorizer;
    private final User user;
    private final Map<String, Boolean> readable = new HashMap<>();

    private ApiUser(Authorizer authorizer, User user) {
        this.authorizer = authorizer;
        this.user = user;
    }

    /**
     * Authenticates a client.
     *
     * @param authorization the header; null if there is none
     * @param loopback whether the request came to the loopback address
     * @throws WebApplicationException with status 401 if the client is unknown, or 503 if that cannot be decided now
     */
    static ApiUser of(Authorizer authorizer, String authorization, boolean loopback) {
        Optional<User> user = authorization == null
                ? Optional.of(loopback).filter(Boolean::booleanValue).flatMap(here -> authorizer.onThisMachine())
                : token(authorization).flatMap(token -> answered(() -> authorizer.authenticate(token)));
        return new ApiUser(
                authorizer,
                user.orElseThrow(
                        () -> failure(
                                Response.Status.UNAUTHORIZED,
                                authorization == null
                                        ? "this endpoint requires a token: send the header Authorization: Bearer TOKEN"
                                        : "the token is not valid: check that it has not expired, and belongs to this cluster")));
    }

    private static Optional<String> token(String authorization) {
        boolean bearer = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && authorization.length() <= LONGEST_TOKEN;
        return bearer
                ? Optional.of(authorization.substring(SCHEME.length()).strip()).filter(token -> !token.isEmpty())
                : Optional.empty();
    }

    /** Whether the client may read the ensembles of a namespace. */
    boolean reads(String namespace) {
        return readable.computeIfAbsent(
                namespace, name -> answered(() -> authorizer.allows(user, Authorizer.Verb.GET, name)));
    }

    private interface Question<T> {
        T ask();
    }

    private static <T> T answered(Question<T> question) {
        try {
            return question.ask();
        } catch (UnavailableException e) {
            throw failure(Response.Status.SERVICE_UNAVAILABLE, e.getMessage());
        }
    }

    static WebApplicationException failure(Response.Status status, String message) {
        Response.ResponseBuilder response =
                Response.status(status).type(MediaType.APPLICATION_JSON_TYPE).entity(Map.of("error", message));
        if (status == Response.Status.UNAUTHORIZED) {
            response.header("WWW-Authenticate", "Bearer");
        }
        return new WebApplicationException(message, response.build());
    }
}
