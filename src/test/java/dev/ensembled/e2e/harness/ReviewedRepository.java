package dev.ensembled.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A repository on a forge, as a team changes it: by branches and pull requests. */
public final class ReviewedRepository {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Forge forge;
    private final String name;
    private final Path clone;

    private ReviewedRepository(Forge forge, String name, Path clone) {
        this.forge = forge;
        this.name = name;
        this.clone = clone;
    }

    /** A commit status on the forge. */
    public record Status(String state, String description) {}

    public static ReviewedRepository create(Forge forge, String name, Path clone) {
        forge.createRepository(name);
        Command.of("git", "clone", "--quiet", forge.pushUrl(name), clone.toString())
                .run();
        ReviewedRepository repository = new ReviewedRepository(forge, name, clone);
        repository.git("config", "user.name", "A Team");
        repository.git("config", "user.email", "team@example.com");
        return repository;
    }

    private String git(String... arguments) {
        return Command.of("git").and(arguments).in(clone).run().strip();
    }

    /** Writes files, commits them on a branch, pushes it, and returns the commit. */
    public String push(String branch, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = clone.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        git("add", "--all");
        git("commit", "--quiet", "--message=A change");
        git("push", "--quiet", "origin", "HEAD:refs/heads/" + branch);
        return git("rev-parse", "HEAD");
    }

    /** Returns to the newest commit of main. */
    public void checkoutMain() {
        git("fetch", "--quiet", "origin", "main");
        git("checkout", "--quiet", "--detach", "origin/main");
    }

    public int open(String branch) {
        return api("POST", "pulls", Map.of("head", branch, "base", "main", "title", "Change " + branch))
                .path("number")
                .asInt();
    }

    /** Merges a pull request, and returns the commit on main. */
    public String merge(int number) {
        api("POST", "pulls/" + number + "/merge", Map.of("Do", "squash"));
        git("fetch", "--quiet", "origin", "main");
        return git("rev-parse", "origin/main");
    }

    /** The comments on a pull request: their text by id, the oldest first. */
    public Map<Long, String> comments(int number) {
        Map<Long, String> comments = new TreeMap<>();
        get("issues/" + number + "/comments")
                .forEach(comment -> comments.put(
                        comment.path("id").asLong(), comment.path("body").asText()));
        return comments;
    }

    public void comment(int number, String body) {
        api("POST", "issues/" + number + "/comments", Map.of("body", body));
    }

    /** All statuses of a commit in a context, the oldest first. */
    public List<Status> statuses(String commit, String context) {
        Map<Long, Status> byId = new TreeMap<>();
        get("commits/" + commit + "/statuses?limit=50").forEach(status -> {
            if (status.path("context").asText().equals(context)) {
                byId.put(
                        status.path("id").asLong(),
                        new Status(
                                status.path("status").asText(),
                                status.path("description").asText()));
            }
        });
        return List.copyOf(byId.values());
    }

    /** The latest status of a commit in a context. */
    public Optional<Status> status(String commit, String context) {
        List<Status> all = statuses(commit, context);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    private JsonNode get(String path) {
        return forge.get("repos/admin/" + name + "/" + path);
    }

    private JsonNode api(String method, String path, Map<String, String> body) {
        return forge.call(method, "repos/admin/" + name + "/" + path, JSON.valueToTree(body));
    }
}
