package dev.ensembled.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser, another machine and an attacker's page get from the whole daemon. */
@QuarkusTest
@TestProfile(HttpGuardTest.Profile.class)
class HttpGuardTest {
    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    /** The local platform without a repository, on all addresses as in a cluster. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path dir = Files.createTempDirectory("http-guard");
                return Map.of(
                        "ensembled.platform", "local",
                        "ensembled.local.dir", dir.toString(),
                        "quarkus.http.host", "0.0.0.0");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/,                200",
        "/page.css,        200",
        "/page.js,         200",
        "/sources,         200",
        "/ensembles/a/b,   404",
        "/api/ensembles,   200",
        "/q/health/live,   200",
        "/no-such-thing,   404",
        "/q/no-such-thing, 404",
    })
    void everyAnswerHasTheSecurityHeaders(String path, int status) throws Exception {
        String answer = get(InetAddress.getLoopbackAddress(), path, "localhost:" + port);

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertSecure(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/well", "/q/health/ready"})
    void everyHealthResponseHasTheSecurityHeaders(String path) throws Exception {
        String answer = get(InetAddress.getLoopbackAddress(), path, "localhost:" + port);

        assertThat(answer).contains("\"checks\"");
        assertSecure(answer);
    }

    private static void assertSecure(String answer) {
        assertThat(answer.substring(0, answer.indexOf("\r\n\r\n")).lines())
                .contains(
                        "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self';"
                                + " connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self';"
                                + " frame-ancestors 'none'",
                        "X-Content-Type-Options: nosniff",
                        "X-Frame-Options: DENY",
                        "Referrer-Policy: no-referrer",
                        "Cache-Control: no-store",
                        "Cross-Origin-Opener-Policy: same-origin",
                        "Cross-Origin-Embedder-Policy: require-corp",
                        "Cross-Origin-Resource-Policy: same-origin")
                .anyMatch(line -> line.startsWith("Permissions-Policy: "))
                .noneMatch(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("server:"))
                .filteredOn(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("cache-control:"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/sources", "/ensembles/a/b"})
    void pagesHaveNoInlineContentThatThePolicyForbids(String path) throws Exception {
        String page = get(InetAddress.getLoopbackAddress(), path, "localhost:" + port);

        assertThat(page).contains("page.css\"").doesNotContain("<style", "style=", "<script>", "onclick");
        assertThat(get(InetAddress.getLoopbackAddress(), "/page.css", "localhost:" + port))
                .contains("text/css")
                .contains("border-collapse");
    }

    @Test
    void whatAnAddressSaysIsEscaped() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();

        assertThat(get(here, "/?q=%22%3E%3Cscript%3E&state=%3Cb%3E&page=-1", "localhost:" + port))
                .startsWith("HTTP/1.1 200 ")
                .contains("value=\"&quot;&gt;&lt;script&gt;\"")
                .doesNotContain("<script>", "<b>");
        assertThat(get(here, "/ensembles/%3Cscript%3E/x", "localhost:" + port))
                .startsWith("HTTP/1.1 404 ")
                .contains("&lt;script&gt;/x")
                .doesNotContain("<script>");
    }

    @Test
    void eventsSayAtOnceWhichNumberThePageHas() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /events HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            int read = 0;
            while (answer.indexOf("data:") < 0 && read >= 0) {
                read = socket.getInputStream().read();
                answer.append((char) read);
            }
            assertThat(answer.toString()).contains("text/event-stream", "event:page");
            assertSecure(answer.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/ensembles", "/q/health/well", "/q/health/live"})
    void requestForAForeignHostNameIsRefused(String path) throws Exception {
        String answer = get(InetAddress.getLoopbackAddress(), path, "rebound.example:" + port);

        assertThat(answer).startsWith("HTTP/1.1 403 ").contains("ENSEMBLED_WEB_HOSTS");
        assertSecure(answer);
    }

    @Test
    void pageOfAnotherSiteCannotRequestAFetch() throws Exception {
        String answer = send(
                InetAddress.getLoopbackAddress(),
                "POST /api/fetch HTTP/1.1\r\nHost: localhost:" + port
                        + "\r\nOrigin: https://evil.example\r\nContent-Length: 0\r\n");

        assertThat(answer).startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @CsvSource({
        "/,               403",
        "/page.css,       403",
        "/sources,        403",
        "/ensembles/a/b,  403",
        "/events,         403",
        "/api/ensembles,  403",
        "/q/health,       403",
        "/q/health/well,  403",
        "/no-such-thing,  403",
        "/q/health/live,  200",
        "/q/health/ready, 200",
        "/q/health/started, 200",
    })
    void anotherMachineGetsTheOutcomeOfTheProbesOnly(String path, int status) throws Exception {
        Optional<InetAddress> address = addressForOthers();
        assumeThat(address).as("this machine has an address beside loopback").isPresent();

        String answer = get(address.get(), path, address.get().getHostAddress() + ":" + port);

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").doesNotContain("checks", "may-act", "loops");
        assertThat(answer).contains(status == 200 ? "{\"status\": \"UP\"}" : "kubectl port-forward");
        assertSecure(answer);
    }

    private static Optional<InetAddress> addressForOthers() throws IOException {
        return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
                .findFirst();
    }

    private String get(InetAddress address, String path, String host) throws IOException {
        return send(address, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
    }

    /** By hand, since clients of the JDK choose the host themselves. */
    private String send(InetAddress address, String request) throws IOException {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
