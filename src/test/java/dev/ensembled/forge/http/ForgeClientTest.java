package dev.ensembled.forge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ensembled.forge.ForgeServer;
import dev.ensembled.forge.ForgeServer.Behaviour;
import dev.ensembled.forge.ForgeServer.Reply;
import dev.ensembled.forge.ForgeServer.Request;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.transport.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against a server that answers well or in any other way. */
@Timeout(60)
class ForgeClientTest {
    private static final String TOKEN = "correct-horse-battery";
    private static final Duration HURRY = Duration.ofSeconds(2);

    private final List<IntNode> numbers =
            IntStream.rangeClosed(1, 250).mapToObj(IntNode::valueOf).toList();
    private volatile String links;
    private ForgeServer server;
    private ForgeClient client;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        server = new ForgeServer(this::api);
        links = server.address() + "/numbers";
        Files.writeString(directory.resolve("token"), TOKEN + "\n");
        client = client(Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ForgeClient client(Duration timeout) {
        TokenFile file = new TokenFile(directory.resolve("token"));
        return new ForgeClient(
                server.address(),
                () -> Map.of("Authorization", "Bearer " + file.token()),
                new HttpClients(Optional.empty(), HttpFiles.none()),
                timeout);
    }

    private Reply api(Request request) {
        if (!request.header("Authorization").equals("Bearer " + TOKEN)) {
            return Reply.error(401, "Bad credentials");
        }
        if (request.is("GET", "/numbers")) {
            return ForgeServer.page(request, numbers, links, 30);
        }
        if (request.is("POST", "/numbers") && request.header("Content-Type").equals("application/json")) {
            return Reply.of(201, request.body());
        }
        return request.is("DELETE", "/numbers")
                ? Reply.of(204, MissingNode.getInstance())
                : Reply.error(404, "Not Found");
    }

    private ForgeFailedException failure() {
        return catchThrowableOfType(ForgeFailedException.class, () -> client.get("user"));
    }

    @Test
    void documentsAreSentAndReceivedAsJson() throws ForgeFailedException {
        JsonNode body = JsonNodeFactory.instance.objectNode().put("é", "\"\n");

        assertThat(client.send("POST", "numbers", body)).isEqualTo(body);
        assertThat(client.send("DELETE", "numbers", body).isMissingNode()).isTrue();
    }

    @Test
    void allPagesOfAListAreRead() throws ForgeFailedException {
        assertThat(client.list("numbers?per_page=100", 1_000)).isEqualTo(numbers);
        assertThat(server.requests())
                .containsExactly(
                        "GET /numbers?per_page=100",
                        "GET /numbers?per_page=100&page=2",
                        "GET /numbers?per_page=100&page=3");
    }

    @Test
    void pagesEndWhenThereAreEnoughElements() throws ForgeFailedException {
        assertThat(client.list("numbers?per_page=100", 101)).hasSize(200);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void linkToAnotherServerIsNotFollowed() throws IOException, ForgeFailedException {
        try (ForgeServer other = new ForgeServer(request -> Reply.error(500, "must not be asked"))) {
            links = other.address() + "/numbers";

            assertThat(client.list("numbers?per_page=100", 1_000)).isEqualTo(numbers);
            assertThat(other.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<>; rel=\"next\"", "<::%>; rel=next", "<?a b>; rel=\"next\"", "next", "</numbers>; rel=\"next\""
            })
    void linkThatIsNoPageEndsTheList(String link) throws ForgeFailedException {
        server.reply(Reply.of(200, JsonNodeFactory.instance.arrayNode().add(1)).with("Link", link));

        assertThat(client.list("numbers", 1_000)).hasSize(1);
    }

    @Test
    void pagesWithoutEndAreAnError() {
        server.reply(Reply.of(200, JsonNodeFactory.instance.arrayNode())
                .with("Link", "<" + links + "?page=2>; rel=\"next\""));

        ForgeFailedException failure =
                catchThrowableOfType(ForgeFailedException.class, () -> client.list("numbers", 1_000));

        assertThat(failure).hasMessageContaining("more than 100 pages");
        assertThat(server.requests()).hasSize(100);
    }

    @Test
    void listThatIsNoListIsAnError() {
        server.reply(Reply.of(200, JsonNodeFactory.instance.objectNode()));

        assertThat(catchThrowableOfType(ForgeFailedException.class, () -> client.list("numbers", 10)))
                .hasMessageContaining("without a list");
    }

    @Test
    void rotatedTokenIsUsedAtTheNextRequest() throws IOException, ForgeFailedException {
        Files.writeString(directory.resolve("token"), "expired-token");
        assertThat(failure().kind()).isEqualTo(Kind.CREDENTIALS);

        Files.writeString(directory.resolve("token"), TOKEN);

        assertThat(client.list("numbers?per_page=100", 1)).hasSize(100);
    }

    @Test
    void refusedCredentialsAreRenewedOnce() throws ForgeFailedException {
        AtomicReference<String> current = new AtomicReference<>("expired");
        client = new ForgeClient(
                server.address(),
                new RequestHeaders() {
                    @Override
                    public Map<String, String> current() {
                        return Map.of("Authorization", "Bearer " + current.get());
                    }

                    @Override
                    public boolean renew() {
                        current.set(current.get().equals("expired") ? TOKEN : "refused");
                        return true;
                    }
                },
                new HttpClients(Optional.empty(), HttpFiles.none()));

        assertThat(client.list("numbers?per_page=100", 1)).hasSize(100);
        assertThat(server.requests()).hasSize(2);

        current.set("wrong");
        assertThat(failure().kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(server.requests()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "with\tblank", "tökén"})
    void tokenWithOtherCharactersIsRefused(String content) throws IOException {
        Files.writeString(directory.resolve("token"), content);

        assertThat(failure().kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(failure()).hasMessageContaining("printable ASCII").hasMessageNotContaining(content);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void missingTokenFileIsNamed() throws IOException {
        Files.delete(directory.resolve("token"));

        assertThat(failure().kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(failure()).hasMessageContaining(directory.resolve("token") + " for the forge does not exist");
    }

    @Test
    void messageDoesNotRepeatTheToken() {
        server.reply(Reply.error(400, "invalid header Bearer " + TOKEN));

        assertThat(failure()).hasMessageContaining("invalid header").hasMessageNotContaining(TOKEN);
    }

    @Test
    void messageOfTheForgeIsShortenedToOneLine() {
        server.reply(Reply.error(400, "first\nsecond " + "x".repeat(100_000)));

        assertThat(failure().getMessage())
                .contains("The forge answered 400 to GET /api/user: first second xxx")
                .hasSizeLessThan(400);
    }

    @ParameterizedTest
    @CsvSource({
        "400, REQUEST, Read the message",
        "401, CREDENTIALS, replace the file",
        "403, CREDENTIALS, rights",
        "404, REQUEST, name of the repository",
        "408, TRANSIENT, repeated",
        "409, TRANSIENT, repeated",
        "410, REQUEST, name of the repository",
        "422, REQUEST, Read the message",
        "429, TRANSIENT, rate limit",
        "500, TRANSIENT, repeated",
        "502, TRANSIENT, repeated",
        "503, TRANSIENT, repeated",
    })
    void statusSaysWhetherToRepeatTheRequest(int status, Kind kind, String toDo) {
        server.reply(Reply.error(status, "No."));

        ForgeFailedException failure = failure();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("answered " + status + " to GET /api/user: No.");
        assertThat(failure.toDo()).contains(toDo);
        assertThat(failure.retryAfter()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectIsNotFollowed(int status) throws IOException {
        try (ForgeServer other = new ForgeServer(request -> Reply.of(200, MissingNode.getInstance()))) {
            server.reply(Reply.error(status, "Moved").with("Location", other.address() + "/user"));

            assertThat(failure().kind()).isEqualTo(Kind.REQUEST);
            assertThat(failure().toDo()).startsWith("Redirects are not followed");
            assertThat(other.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"403, 30, 30", "429, 30, 30", "503, 30, 30", "429, 0, 1", "429, -5, 1", "429, 1000000000, 3600"})
    void forgeSaysHowLongToWait(int status, String seconds, int expected) {
        server.reply(Reply.error(status, "Slow down").with("Retry-After", seconds));

        assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure().retryAfter()).hasValue(Duration.ofSeconds(expected));
    }

    @Test
    void timeWithoutMeaningIsNotWaitedFor() {
        server.reply(Reply.error(429, "Slow down").with("Retry-After", "99999999999999999999"));

        assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure().retryAfter()).isEmpty();
    }

    @Test
    void usedUpRequestsAreWaitedForUntilTheReset() {
        server.reply(Reply.error(403, "API rate limit exceeded")
                .with("X-RateLimit-Remaining", "0")
                .with("X-RateLimit-Reset", "" + (Instant.now().getEpochSecond() + 600)));

        assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure().retryAfter().orElseThrow()).isBetween(Duration.ofSeconds(580), Duration.ofSeconds(600));
    }

    @Test
    void rateLimitWithoutATimeIsWaitedForAMinute() {
        server.reply(Reply.error(403, "You have exceeded a secondary rate limit."));

        assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure().retryAfter()).hasValue(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"DRIP", "HANG"})
    void answerWithoutEndTimesOut(Behaviour behaviour) {
        client = client(HURRY);
        server.behave(behaviour);

        assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure()).hasMessageContaining("timed out");
    }

    @Test
    void answerThatIsTooLargeIsNotReadToItsEnd() {
        server.behave(Behaviour.FLOOD);

        assertThat(failure()).hasMessageContaining("more than 8 MiB");
    }

    @Test
    void brokenAndForeignAnswersAreNamed() {
        server.behave(Behaviour.BREAK_OFF);
        assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);

        server.behave(Behaviour.GARBAGE);
        assertThat(failure()).hasMessageContaining("something else than JSON");
    }

    @Test
    void deeplyNestedAnswerIsRefused() {
        JsonNode nested = IntNode.valueOf(1);
        for (int depth = 0; depth < 200; depth++) {
            nested = JsonNodeFactory.instance.arrayNode().add(nested);
        }
        server.reply(Reply.of(200, nested));

        assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);
    }

    @Test
    void unreachableForgeIsTransient() {
        server.close();

        assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure()).hasMessageContaining("Request to the forge failed: GET /api/user");
        assertThat(failure().toDo()).contains("reachable");
    }

    @Test
    void slashAtTheEndOfTheAddressMakesNoDifference() throws ForgeFailedException {
        client = new ForgeClient(
                URI.create(server.address() + "//"),
                () -> Map.of("Authorization", "Bearer " + TOKEN),
                new HttpClients(Optional.empty(), HttpFiles.none()));

        assertThat(client.list("numbers?per_page=100", 1)).hasSize(100);
    }
}
