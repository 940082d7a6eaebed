package dev.ensembled.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.ensembled.git.TestCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Answers the API server's admission reviews, at the address at which pods reach the Git server. */
final class WebhookServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Function<JsonNode, ObjectNode> verdict;
    private final TestCertificate certificate;
    private final HttpsServer server;

    /** @param verdict from a review's request to the response, without the request's uid */
    WebhookServer(Function<JsonNode, ObjectNode> verdict) throws Exception {
        this.verdict = verdict;
        certificate = TestCertificate.in(Files.createTempDirectory("webhook"), TestCluster.gitHost());
        server = HttpsServer.create(new InetSocketAddress(TestCluster.gitHost(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "webhook");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    String url() {
        return "https://" + TestCluster.gitHost() + ":" + server.getAddress().getPort() + "/";
    }

    String caBundle() throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(certificate.pem()));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode review = (ObjectNode) JSON.readTree(exchange.getRequestBody());
            ObjectNode response = verdict.apply(review.path("request"));
            response.set("uid", review.path("request").path("uid"));
            review.remove("request");
            review.set("response", response);
            byte[] body = JSON.writeValueAsBytes(review);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
