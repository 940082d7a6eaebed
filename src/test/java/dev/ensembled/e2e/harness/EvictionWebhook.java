package dev.ensembled.e2e.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.ensembled.git.TestCertificate;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Map;

/** Somebody's admission webhook that lets no pod of a namespace be evicted. It is asked where pods ask the Git server. */
public final class EvictionWebhook implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;
    private final String words;
    private final HttpsServer server;
    private final ValidatingWebhookConfiguration registration;

    /** @param words with which it refuses */
    public EvictionWebhook(KubernetesClient client, String namespace, String words) throws Exception {
        this.client = client;
        this.words = words;
        TestCertificate certificate = TestCertificate.in(Files.createTempDirectory("webhook"), TestCluster.gitHost());
        server = HttpsServer.create(new InetSocketAddress(TestCluster.gitHost(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        server.createContext("/", this::answer);
        server.start();
        registration = new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName("no-evictions-" + namespace)
                .endMetadata()
                .addNewWebhook()
                .withName("evictions.example.com")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withFailurePolicy("Fail")
                .withTimeoutSeconds(2)
                .withNewClientConfig()
                .withUrl("https://" + TestCluster.gitHost() + ":"
                        + server.getAddress().getPort() + "/")
                .withCaBundle(Base64.getEncoder().encodeToString(Files.readAllBytes(certificate.pem())))
                .endClientConfig()
                .withNewNamespaceSelector()
                .withMatchLabels(Map.of("kubernetes.io/metadata.name", namespace))
                .endNamespaceSelector()
                .addNewRule()
                .withApiGroups("")
                .withApiVersions("v1")
                .withOperations("CREATE")
                .withResources("pods/eviction")
                .endRule()
                .endWebhook()
                .build();
        client.resource(registration).create();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode review = (ObjectNode) JSON.readTree(exchange.getRequestBody());
            ObjectNode response = JSON.createObjectNode();
            response.set("uid", review.path("request").path("uid"));
            response.put("allowed", false);
            response.putObject("status").put("message", words).put("code", 403);
            review.remove("request");
            review.set("response", response);
            byte[] body = JSON.writeValueAsBytes(review);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** It is still asked, and nobody is there. */
    public void die() {
        server.stop(0);
    }

    /** It is not asked any more. */
    @Override
    public void close() {
        client.resource(registration).delete();
        server.stop(0);
    }
}
