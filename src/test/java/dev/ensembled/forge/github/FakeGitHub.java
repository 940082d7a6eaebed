package dev.ensembled.forge.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.forge.ForgeServer;
import dev.ensembled.forge.ForgeServer.Reply;
import dev.ensembled.forge.ForgeServer.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One repository by the REST API of GitHub, as its documentation describes requests and answers. What it does not describe is
 * refused.
 */
final class FakeGitHub implements ForgeServer.Api {
    static final String REPOSITORY = "acme/configuration";
    static final long REPOSITORY_ID = 1_296_269;
    static final long USER = 583_231;
    static final long OTHER_USER = 900;
    static final String USER_TOKEN = "github_pat_11AAAAAAA0123456789";
    private static final int USUAL_PAGE = 30;
    private static final String REPO = "/repos/" + REPOSITORY;
    private static final Set<String> STATES = Set.of("error", "failure", "pending", "success");

    final Set<String> userTokens = new HashSet<>(Set.of(USER_TOKEN));
    final List<ObjectNode> pulls = new ArrayList<>();
    final Map<String, List<ObjectNode>> files = new HashMap<>();
    final Map<String, List<ObjectNode>> comments = new HashMap<>();
    final List<JsonNode> statuses = new ArrayList<>();
    final FakeInstallation app;
    private long nextComment = 1;

    FakeGitHub(FakeInstallation app) {
        this.app = app;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    ObjectNode addPull(int number, String base, String sha, long headRepository) {
        ObjectNode pull =
                object().put("id", number + 10_000).put("number", number).put("state", "open");
        ObjectNode head = pull.putObject("head").put("ref", "change").put("sha", sha);
        head.putObject("repo").put("id", headRepository);
        pull.putObject("base").put("ref", base).putObject("repo").put("id", REPOSITORY_ID);
        pulls.add(pull);
        comments.put("" + number, new ArrayList<>());
        files.put("" + number, new ArrayList<>());
        return pull;
    }

    void addFile(int number, String name, String status, String previous) {
        ObjectNode file =
                object().put("sha", "0".repeat(40)).put("filename", name).put("status", status);
        if (previous != null) {
            file.put("previous_filename", previous);
        }
        files.get("" + number).add(file);
    }

    ObjectNode addComment(int number, String body, long user, Optional<Long> byApp) {
        ObjectNode comment = object().put("id", nextComment++).put("body", body);
        comment.putObject("user")
                .put("id", user)
                .put("login", byApp.isPresent() ? "app[bot]" : "someone")
                .put("type", byApp.isPresent() ? "Bot" : "User");
        if (byApp.isPresent()) {
            comment.putObject("performed_via_github_app").put("id", byApp.get()).put("slug", "app");
        } else {
            comment.putNull("performed_via_github_app");
        }
        comments.get("" + number).add(comment);
        return comment;
    }

    @Override
    public Reply answer(Request request) {
        if (!request.header("Accept").equals("application/vnd.github+json")) {
            return Reply.error(415, "Unsupported 'Accept' header");
        }
        if (!request.header("X-GitHub-Api-Version").equals("2022-11-28")) {
            return Reply.error(400, "The API version is not supported");
        }
        if (request.header("User-Agent").isEmpty()) {
            return Reply.error(403, "Request forbidden by administrative rules");
        }
        String token = request.header("Authorization").replaceFirst("^Bearer ", "");
        if (FakeInstallation.isForApps(request)) {
            return app.answer(request, token);
        }
        boolean user = userTokens.contains(token);
        if (!user && !app.issued(token)) {
            return Reply.error(401, "Bad credentials");
        }
        if (request.is("GET", "/user")) {
            return user
                    ? Reply.of(200, object().put("login", "ensembled").put("id", USER))
                    : Reply.error(403, "Resource not accessible by integration");
        }
        return request.path().startsWith(REPO + "/") ? inRepository(request, user) : Reply.error(404, "Not Found");
    }

    private Reply inRepository(Request request, boolean user) {
        if (request.is("GET", REPO + "/pulls")) {
            return pulls(request);
        }
        if (request.is("GET", REPO + "/pulls/[0-9]+/files")) {
            return list(request, files.get(request.segment(4)));
        }
        if (request.is("GET", REPO + "/issues/[0-9]+/comments")) {
            return list(request, comments.get(request.segment(4)));
        }
        if (request.is("POST", REPO + "/issues/[0-9]+/comments")) {
            int number = Integer.parseInt(request.segment(4));
            String body = request.body().path("body").asText();
            return body.isEmpty()
                    ? Reply.error(422, "Validation Failed")
                    : Reply.of(
                            201,
                            user
                                    ? addComment(number, body, USER, Optional.empty())
                                    : addComment(number, body, 77, Optional.of(app.id())));
        }
        if (request.is("PATCH", REPO + "/issues/comments/[0-9]+")) {
            return edit(request, user);
        }
        return request.is("POST", REPO + "/statuses/[0-9a-f]{40}") ? status(request) : Reply.error(404, "Not Found");
    }

    private Reply pulls(Request request) {
        Map<String, String> query = request.query();
        boolean documented = Set.of("state", "base", "sort", "direction", "per_page", "page")
                        .containsAll(query.keySet())
                && Set.of("open", "closed", "all").contains(query.get("state"))
                && Set.of("created", "updated", "popularity", "long-running").contains(query.get("sort"))
                && Set.of("asc", "desc").contains(query.get("direction"));
        return documented
                ? list(
                        request,
                        pulls.stream()
                                .filter(each ->
                                        each.path("base").path("ref").asText().equals(query.get("base")))
                                .toList())
                : Reply.error(422, "Validation Failed");
    }

    /** The links of GitHub have the number of the repository, and its public address. */
    private static Reply list(Request request, List<ObjectNode> elements) {
        String rest = request.path().substring(REPO.length());
        return elements == null
                ? Reply.error(404, "Not Found")
                : ForgeServer.page(
                        request, elements, "https://api.github.com/repositories/" + REPOSITORY_ID + rest, USUAL_PAGE);
    }

    private Reply edit(Request request, boolean user) {
        Optional<ObjectNode> comment = comments.values().stream()
                .flatMap(List::stream)
                .filter(each -> each.path("id").asText().equals(request.segment(5)))
                .findFirst();
        if (comment.isEmpty()) {
            return Reply.error(404, "Not Found");
        }
        boolean own = user
                ? comment.get().path("user").path("id").asLong() == USER
                : comment.get().path("performed_via_github_app").path("id").asLong() == app.id();
        return own
                ? Reply.of(
                        200,
                        comment.get().put("body", request.body().path("body").asText()))
                : Reply.error(403, "Resource not accessible");
    }

    private Reply status(Request request) {
        JsonNode status = request.body();
        boolean documented = STATES.contains(status.path("state").asText())
                && status.path("description").asText().length() <= 140
                && !status.path("context").asText().isEmpty();
        if (!documented) {
            return Reply.error(422, "Validation Failed");
        }
        if (pulls.stream()
                .noneMatch(each -> each.path("head").path("sha").asText().equals(request.segment(4)))) {
            return Reply.error(422, "No commit found for SHA: " + request.segment(4));
        }
        statuses.add(status);
        return Reply.of(201, status);
    }
}
