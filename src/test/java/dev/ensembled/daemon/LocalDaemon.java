package dev.ensembled.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;

/** A packaged daemon of the local platform as a child process, observed through its files and its HTTP endpoints. */
final class LocalDaemon {
    private static final int SIGINT = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(150);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Path dir;
    private final Process process;

    private LocalDaemon(Path dir, Process process) {
        this.dir = dir;
        this.process = process;
    }

    /** A server as in endpoints.json; without a process its pid is 0. */
    record Member(int id, String role, String clientAddress, long pid) {}

    interface Condition {
        boolean holds() throws Exception;
    }

    static LocalDaemon start(Path dir, String... options) throws Exception {
        Files.deleteIfExists(dir.resolve("endpoints.json"));
        return new LocalDaemon(dir, launch(dir, List.of(options), local(dir))).awaitStart();
    }

    /** Starts a daemon of the local platform with these settings instead of those of the command {@code local}. */
    static LocalDaemon start(Path dir, Map<String, String> settings) throws Exception {
        Files.deleteIfExists(dir.resolve("endpoints.json"));
        Map<String, String> all = new TreeMap<>(new LocalDirectory(dir).settings(18080));
        all.putAll(settings);
        List<String> options = all.entrySet().stream()
                .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
                .toList();
        return new LocalDaemon(dir, launch(dir, options, List.of("run"))).awaitStart();
    }

    private LocalDaemon awaitStart() throws Exception {
        eventually("the daemon answers", () -> {
            if (!process.isAlive()) {
                throw new AssertionError(Files.readString(output(dir)));
            }
            return Files.exists(dir.resolve("endpoints.json")) && answers();
        });
        return this;
    }

    /** The file exists a moment before the server listens. */
    private boolean answers() throws Exception {
        try {
            return healthStatus("started") == 200;
        } catch (ConnectException e) {
            return false;
        }
    }

    /** Starts a daemon that is expected to exit without a signal; returns its exit code. */
    static int runToEnd(Path dir, String... options) throws Exception {
        Process process = launch(dir, List.of(options), local(dir));
        if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it did not end");
        }
        return process.exitValue();
    }

    private static List<String> local(Path dir) {
        return List.of("local", "--dir", dir.toString(), "--port", "18080");
    }

    private static Process launch(Path dir, List<String> options, List<String> subcommand) throws IOException {
        Path root = Path.of(System.getProperty("ensembled.root"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Densembled.home=" + root);
        command.addAll(options);
        command.addAll(List.of(
                "-jar", root.resolve("target/quarkus-app/quarkus-run.jar").toString()));
        command.addAll(subcommand);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output(dir).toFile()))
                .start();
    }

    private static Path output(Path dir) {
        return dir.resolve("output.log");
    }

    static void eventually(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in " + TIMEOUT + ": " + what);
            }
            Thread.sleep(20);
        }
    }

    /** Waits until each of these ensembles is settled, and its endpoints are published, which is a moment later. */
    void awaitWell(String... ensembles) throws Exception {
        for (String ensemble : ensembles) {
            String name = ensemble.substring(ensemble.indexOf('/') + 1);
            eventually(ensemble + " has endpoints", () -> !members(name).isEmpty());
            eventually(ensemble + " is settled", () -> StreamSupport.stream(
                            JSON.readTree(health("well")).path("checks").spliterator(), false)
                    .filter(check -> check.path("name").asText().equals("ensemble " + ensemble))
                    .anyMatch(check -> check.path("data").path("what").asText().startsWith("Settled")));
        }
    }

    Map<Integer, Member> members(String ensemble) throws IOException {
        Map<Integer, Member> members = new TreeMap<>();
        for (JsonNode member : ensemble(ensemble).path("members")) {
            members.put(
                    member.path("id").asInt(),
                    new Member(
                            member.path("id").asInt(),
                            member.path("role").asText(),
                            member.path("clientAddress").asText(),
                            member.path("pid").asLong()));
        }
        return members;
    }

    String connectString(String ensemble) throws IOException {
        return ensemble(ensemble).path("connectString").asText();
    }

    private JsonNode ensemble(String name) throws IOException {
        for (JsonNode ensemble : endpoints().path("ensembles")) {
            if (ensemble.path("name").asText().equals(name)) {
                return ensemble;
            }
        }
        return JSON.createObjectNode();
    }

    private JsonNode endpoints() throws IOException {
        return JSON.readTree(dir.resolve("endpoints.json").toFile());
    }

    /** Posts a document to the daemon, and returns the status. */
    int post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(endpoints().path("web").asText()).resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    /** The lines of a scrape. */
    List<String> metrics() throws Exception {
        return get(web().resolve("/metrics").toString()).body().lines().toList();
    }

    /** The address of the page. */
    URI web() throws IOException {
        return URI.create(endpoints().path("web").asText());
    }

    String page() throws Exception {
        return page("/");
    }

    String page(String path) throws Exception {
        return get(web().resolve(path).toString()).body();
    }

    String health(String kind) throws Exception {
        return get(endpoints().path("health").asText() + "/" + kind).body();
    }

    int healthStatus(String kind) throws Exception {
        return get(endpoints().path("health").asText() + "/" + kind).statusCode();
    }

    private static HttpResponse<String> get(String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(30))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Changes a file of the repository with git, as a person would. */
    void push(String file, UnaryOperator<String> change) throws Exception {
        push(edit(file, change));
    }

    /** Changes a file in a new clone of the repository, and returns the clone. */
    Path edit(String file, UnaryOperator<String> change) throws Exception {
        Path clone = Files.createTempDirectory(dir, "clone");
        git(clone, "clone", "--quiet", dir.resolve("config.git").toString(), ".");
        Path path = clone.resolve(file);
        String before = Files.readString(path);
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new AssertionError("the change changes nothing: " + file);
        }
        Files.writeString(path, after);
        return clone;
    }

    /** Commits and pushes the changes in a clone. */
    void push(Path clone) throws Exception {
        git(clone, "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "-am", "A change");
        git(clone, "push", "--quiet");
    }

    private static void git(Path directory, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(git.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (git.waitFor() != 0) {
            throw new AssertionError(command + ": " + output);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends the signal of Ctrl-C. */
    void interrupt() throws Exception {
        // A process that a shell runs in the background ignores an interrupt, and so do its children.
        String signal = ignoresInterrupts() ? "-TERM" : "-INT";
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
        kill.waitFor();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end");
        }
    }

    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> line.substring("SigIgn:".length()).strip())
                        .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & 1 << (SIGINT - 1)) != 0);
    }

    /** Kills all processes, whatever the result of the test was. */
    void killEverything() throws IOException, InterruptedException {
        kill();
        List<Long> pids = new ArrayList<>();
        endpoints().path("ensembles").forEach(ensemble -> ensemble.path("members")
                .forEach(member -> pids.add(member.path("pid").asLong())));
        pids.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).forEach(ProcessHandle::destroyForcibly);
    }
}
