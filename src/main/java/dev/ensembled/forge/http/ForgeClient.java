package dev.ensembled.forge.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.transport.HttpAccess;
import dev.ensembled.git.transport.HttpClients;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests to the API of a forge, one at a time. No redirect is followed, since the token is for this server only. An
 * answer is bounded in size and in time, whatever the server does. Not thread-safe.
 */
public final class ForgeClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_DEPTH = 100;
    private static final int MAX_PAGES = 100;
    private static final int MESSAGE_CHARACTERS = 200;
    private static final int UNAUTHORIZED = 401;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(Response.MAX_BYTES)
                            .build())
                    .build())
            .build();

    private final URI api;
    private final RequestHeaders headers;
    private final HttpClients clients;
    private final Duration timeout;
    private final Clock clock = Clock.systemUTC();

    /**
     * Creates a client.
     *
     * @param api the address of the API, with or without a slash at its end
     */
    public ForgeClient(URI api, RequestHeaders headers, HttpClients clients) {
        this(api, headers, clients, TIMEOUT);
    }

    ForgeClient(URI api, RequestHeaders headers, HttpClients clients, Duration timeout) {
        this.api = URI.create(api.toString().replaceFirst("/+$", "") + "/");
        this.headers = headers;
        this.clients = clients;
        this.timeout = timeout;
    }

    /** An answer with a status of 2xx. */
    private record Answer(JsonNode body, Optional<URI> next) {}

    /**
     * Requests one document.
     *
     * @param path relative to the address of the API, with its query; segments are encoded
     */
    public JsonNode get(String path) throws ForgeFailedException {
        return send("GET", api.resolve(path), Optional.empty()).body();
    }

    /**
     * Requests a list that the forge divides into pages, which are linked by the header {@code Link} (RFC 8288). Of a link,
     * only the query is used: a forge behind a proxy may link to another address, which must not get the token.
     *
     * @param path of the first page
     * @param most the number of elements after which no further page is requested; the list may be longer by one page
     */
    public List<JsonNode> list(String path, int most) throws ForgeFailedException {
        List<JsonNode> elements = new ArrayList<>();
        Optional<URI> page = Optional.of(api.resolve(path));
        for (int pages = 0; page.isPresent() && elements.size() < most; pages++) {
            if (pages == MAX_PAGES) {
                throw new ForgeFailedException(
                        Kind.REQUEST,
                        "GET " + page.get().getPath() + " has more than " + MAX_PAGES + " pages",
                        "Increase the number of elements for each page in the configuration of the forge.");
            }
            Answer answer = send("GET", page.get(), Optional.empty());
            if (!answer.body().isArray()) {
                throw new ForgeFailedException(
                        Kind.TRANSIENT,
                        "GET " + page.get().getPath() + " was answered without a list",
                        "Check that the address " + api + " is that of the forge's API.");
            }
            answer.body().forEach(elements::add);
            page = answer.next();
        }
        return elements;
    }

    /** Sends a document, and returns the answer. */
    public JsonNode send(String method, String path, JsonNode body) throws ForgeFailedException {
        return send(method, api.resolve(path), Optional.of(body)).body();
    }

    private Answer send(String method, URI target, Optional<JsonNode> body) throws ForgeFailedException {
        String what = method + " " + target.getPath();
        Response response = exchange(request(method, target, body), what);
        if (response.status() == UNAUTHORIZED && headers.renew()) {
            response = exchange(request(method, target, body), what);
        }
        if (!response.successful()) {
            throw Refusal.of(what, response, message(response.body()), clock);
        }
        return new Answer(parsed(what, response), NextPage.after(target, response.headers()));
    }

    private HttpRequest.Builder request(String method, URI target, Optional<JsonNode> body)
            throws ForgeFailedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(timeout)
                .header("Accept", "application/json")
                .header("User-Agent", "ensembled")
                .method(
                        method,
                        body.map(json -> HttpRequest.BodyPublishers.ofString(json.toString()))
                                .orElseGet(HttpRequest.BodyPublishers::noBody));
        body.ifPresent(json -> request.header("Content-Type", "application/json"));
        headers.current().forEach(request::setHeader);
        return request;
    }

    private Response exchange(HttpRequest.Builder request, String what) throws ForgeFailedException {
        HttpAccess access = access();
        access.authorize(request);
        CompletableFuture<HttpResponse<InputStream>> opened =
                access.client().sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        CompletableFuture<Response> read = opened.thenApplyAsync(Response::read);
        try {
            return read.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unreachable(what, "timed out after " + timeout.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw unreachable(what, DisplayText.oneLine(String.valueOf(e.getCause())), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(what, "interrupted", e);
        } finally {
            // A body that has not arrived must not keep a thread waiting
            if (!opened.cancel(true) && !opened.isCompletedExceptionally()) {
                Response.close(opened.join());
            }
        }
    }

    private HttpAccess access() throws ForgeFailedException {
        try {
            return clients.current();
        } catch (SourceFailedException e) {
            throw new ForgeFailedException(Kind.CREDENTIALS, e.getMessage(), e.toDo(), Optional.empty(), e);
        }
    }

    private ForgeFailedException unreachable(String what, String why, Throwable cause) {
        return new ForgeFailedException(
                Kind.TRANSIENT,
                "Request to the forge failed: " + what + " at " + api + ": " + why,
                "Check that the forge is reachable from ensembled; the request is repeated.",
                Optional.empty(),
                cause);
    }

    private static JsonNode parsed(String what, Response response) throws ForgeFailedException {
        if (response.tooLarge()) {
            throw new ForgeFailedException(
                    Kind.REQUEST,
                    what + " was answered with more than " + Response.MAX_BYTES / (1024 * 1024) + " MiB",
                    "Check that the address is that of the forge's API.");
        }
        try {
            return response.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(response.body());
        } catch (IOException e) {
            throw new ForgeFailedException(
                    Kind.TRANSIENT,
                    what + " was answered with something else than JSON",
                    "Check that the address is that of the forge's API.",
                    Optional.empty(),
                    e);
        }
    }

    /** What the forge says about a failure; all of them have a field for it. */
    private static String message(byte[] body) {
        try {
            JsonNode message = JSON.readTree(body).path("message");
            String text = message.isTextual() ? message.asText() : message.toString();
            return text.length() <= MESSAGE_CHARACTERS ? text : text.substring(0, MESSAGE_CHARACTERS) + "…";
        } catch (IOException e) {
            return "";
        }
    }
}
