package dev.ensembled.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An HTTP server on loopback that answers as an API does, records the requests, and misbehaves on demand. */
public final class ForgeServer implements AutoCloseable {
    static {
        // Headers and body are sent apart; with Nagle's algorithm, each answer takes 40 ms or more
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_PAGE = 100;

    /** The API of a product, at the path {@code /api}. */
    public interface Api {
        Reply answer(Request request);
    }

    /**
     * A request.
     *
     * @param path below the address of the API, as it was sent
     */
    public record Request(
            String method, String path, Map<String, String> query, Map<String, String> headers, JsonNode body) {
        /** Whether a request is for this method and a path that matches. */
        public boolean is(String wanted, String pattern) {
            return method.equals(wanted) && path.matches(pattern);
        }

        /** A segment of the path, from 0. */
        public String segment(int index) {
            return path.substring(1).split("/", -1)[index];
        }

        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** An answer; a body that is missing is not sent. */
    public record Reply(int status, JsonNode body, Map<String, String> headers) {
        public static Reply of(int status, JsonNode body) {
            return new Reply(status, body, Map.of());
        }

        public static Reply error(int status, String message) {
            return of(status, JsonNodeFactory.instance.objectNode().put("message", message));
        }

        public Reply with(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return new Reply(status, body, more);
        }
    }

    /** How the next requests are answered instead. */
    public enum Behaviour {
        ANSWER,
        /** Send the headers, then a character every few milliseconds, for ever. */
        DRIP,
        /** Send megabytes, for ever. */
        FLOOD,
        /** Accept the request and never answer. */
        HANG,
        GARBAGE,
        /** Close the connection in the middle of the body. */
        BREAK_OFF
    }

    private final Api api;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "forge-server");
        thread.setDaemon(true);
        return thread;
    });
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile Behaviour behaviour = Behaviour.ANSWER;
    private volatile Optional<Reply> always = Optional.empty();

    public ForgeServer(Api api) throws IOException {
        this.api = api;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/api", this::handle);
        http.start();
    }

    /** The address of the API. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/api");
    }

    public void behave(Behaviour next) {
        behaviour = next;
    }

    /** Answers every request in this way from now on. */
    public void reply(Reply reply) {
        always = Optional.of(reply);
    }

    /** Answers as the API does again. */
    public void answer() {
        always = Optional.empty();
        behaviour = Behaviour.ANSWER;
    }

    /** All requests, such as {@code GET /user}, with the path and the query as they were sent. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public void forgetRequests() {
        requests.clear();
    }

    /**
     * One page of a list, with links to the next and the last page, as most forges send them.
     *
     * @param address of the list, in the links
     * @param usual the number of elements if the request has none
     */
    public static Reply page(Request request, List<? extends JsonNode> elements, String address, int usual) {
        int size = Math.min(LARGEST_PAGE, Integer.parseInt(request.query().getOrDefault("per_page", "" + usual)));
        int page = Integer.parseInt(request.query().getOrDefault("page", "1"));
        int last = Math.max(1, (elements.size() + size - 1) / size);
        ArrayNode body = JsonNodeFactory.instance.arrayNode();
        elements.stream().skip((page - 1L) * size).limit(size).forEach(body::add);
        Reply reply = Reply.of(200, body);
        if (page >= last) {
            return reply;
        }
        String link = "<" + address + "?" + otherParameters(request) + "page=";
        return reply.with("Link", link + (page + 1) + ">; rel=\"next\", " + link + last + ">; rel=\"last\"");
    }

    private static String otherParameters(Request request) {
        return request.query().entrySet().stream()
                .filter(each -> !each.getKey().equals("page"))
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8) + "&")
                .collect(Collectors.joining());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestURI().toString().substring("/api".length()));
            Request request = request(exchange);
            switch (behaviour) {
                case ANSWER -> send(exchange, always.isPresent() ? always.get() : api.answer(request));
                case HANG -> await(600_000);
                case GARBAGE -> send(exchange, 200, "<html>Welcome</html>");
                case DRIP -> drip(exchange);
                case FLOOD -> flood(exchange);
                case BREAK_OFF -> breakOff(exchange);
            }
        }
    }

    private static Request request(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath().substring("/api".length()),
                query(exchange.getRequestURI().getRawQuery()),
                headers,
                body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body));
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            Arrays.stream(raw.split("&"))
                    .map(each -> each.split("=", 2))
                    .forEach(each -> query.put(each[0], URLDecoder.decode(each[1], StandardCharsets.UTF_8)));
        }
        return query;
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        send(
                exchange,
                reply.status(),
                reply.body().isMissingNode() ? "" : reply.body().toString());
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        while (end.getCount() > 0) {
            exchange.getResponseBody().write('[');
            exchange.getResponseBody().flush();
            await(20);
        }
    }

    private void flood(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] spaces = new byte[64 * 1024];
        Arrays.fill(spaces, (byte) ' ');
        OutputStream out = exchange.getResponseBody();
        while (end.getCount() > 0) {
            out.write(spaces);
        }
    }

    private static void breakOff(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 1_000);
        exchange.getResponseBody().write("[1, 2".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        throw new IOException("the connection breaks");
    }

    private void await(long millis) {
        try {
            end.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        http.stop(0);
        threads.shutdownNow();
    }
}
