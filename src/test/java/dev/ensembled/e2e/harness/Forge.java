package dev.ensembled.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real forge of its own for one test, started by the script that ENSEMBLED_TEST_FORGE names: see docs/testing.md. */
public final class Forge implements AutoCloseable {
    /** The environment variable with the path of the script. */
    public static final String SCRIPT = "ENSEMBLED_TEST_FORGE";

    private static final Pattern EXPORTS = Pattern.compile("export FORGE_URL=(\\S+) FORGE_SSH=\\S+ FORGE_TOKEN=(\\S+)");
    private static final Duration START_TIMEOUT = Duration.ofMinutes(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Path directory;
    private final String url;
    private final String token;

    private Forge(Path directory, String url, String token) {
        this.directory = directory;
        this.url = url;
        this.token = token;
    }

    /**
     * Starts a forge.
     *
     * @param directory for all of its data
     * @param address of this machine at which it listens
     */
    public static Forge start(Path directory, String address) {
        // The forge uses this port and the next one
        String port = Integer.toString(FreePorts.consecutive(2, address));
        script(directory)
                .and("up", "--address", address, "--port", port)
                .within(START_TIMEOUT)
                .run();
        deliverAtOnce(directory);
        String printed = script(directory).and("up").run();
        Matcher exports = EXPORTS.matcher(printed);
        if (!exports.find()) {
            throw new IllegalStateException("unexpected output of the forge's script: " + printed);
        }
        return new Forge(directory, exports.group(1), exports.group(2));
    }

    /** Gitea's default queues look for a push, and then for its deliveries, only every two seconds. */
    private static void deliverAtOnce(Path directory) {
        script(directory).and("stop").run();
        try {
            Files.writeString(
                    directory.resolve("custom/conf/app.ini"), "[queue]\nTYPE = channel\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Command script(Path directory) {
        return Command.of(
                "env",
                "ENSEMBLED_FORGE_DIR=" + directory,
                Optional.ofNullable(System.getenv(SCRIPT)).orElseThrow());
    }

    /** Creates a public repository of the administrator with one commit on {@code main}. */
    public void createRepository(String name) {
        call(
                "POST",
                "user/repos",
                JSON.createObjectNode().put("name", name).put("auto_init", true).put("default_branch", "main"));
    }

    /** Makes a repository readable by its owner only. */
    public void makePrivate(String name) {
        call("PATCH", "repos/admin/" + name, JSON.createObjectNode().put("private", true));
    }

    /** Creates a webhook of a repository for these events, and returns its id. */
    public long createWebhook(String repository, String target, String secret, String... events) {
        var hook = JSON.createObjectNode().put("type", "gitea").put("active", true);
        hook.putObject("config").put("url", target).put("content_type", "json").put("secret", secret);
        for (String event : events) {
            hook.withArray("events").add(event);
        }
        return call("POST", "repos/admin/" + repository + "/hooks", hook)
                .path("id")
                .asLong();
    }

    /** Calls the API as the administrator; returns the body of the answer. */
    public JsonNode call(String method, String path, JsonNode body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1/" + path))
                .header("Authorization", "token " + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body.toString()))
                .timeout(TIMEOUT)
                .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Requests a document or a list of the API as the administrator. */
    public JsonNode get(String path) {
        return call("GET", path, JSON.createObjectNode());
    }

    /** Makes the forge unavailable; its data stays. */
    public void stop() {
        script(directory).and("stop").run();
    }

    /** Makes the forge available again, at the same address. */
    public void restart() {
        script(directory).and("up").run();
    }

    /** A token of the administrator. */
    public String token() {
        return token;
    }

    /** The address of a repository for readers, without credentials. */
    public String cloneUrl(String repository) {
        return url + "/admin/" + repository + ".git";
    }

    /** The address of a repository for pushes. */
    public String pushUrl(String repository) {
        return cloneUrl(repository).replace("://", "://admin:" + token + "@");
    }

    /** Ends the forge and deletes its data. */
    @Override
    public void close() {
        script(directory).and("down").run();
    }
}
