package dev.ensembled.forge.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.forge.ForgeServer;
import dev.ensembled.forge.ForgeServer.Reply;
import dev.ensembled.forge.ForgeServer.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One project by version 4 of the API of GitLab, as its documentation describes requests and answers. What it does not describe
 * is refused.
 */
final class FakeGitLab implements ForgeServer.Api {
    static final String REPOSITORY = "acme/platform/configuration";
    static final long PROJECT = 278_964;
    static final long USER = 128;
    static final long OTHER_USER = 5;
    static final String TOKEN = "glpat-AbCdEfGhIjKlMnOpQrSt";
    private static final String PATH = "/projects/acme%2Fplatform%2Fconfiguration";
    private static final String MERGE_REQUEST = PATH + "/merge_requests/[0-9]+";
    private static final int USUAL_PAGE = 20;
    private static final Set<String> STATES = Set.of("pending", "running", "success", "failed", "canceled", "skipped");

    /** A status; one that is pending or running is changed, and another one is followed by a new one. */
    record Status(String sha, String name, String state, String description) {
        boolean open() {
            return Set.of("pending", "running").contains(state);
        }
    }

    final Set<String> tokens = new HashSet<>(Set.of(TOKEN));
    final List<ObjectNode> mergeRequests = new ArrayList<>();
    final Map<String, List<ObjectNode>> diffs = new HashMap<>();
    final Map<String, List<ObjectNode>> notes = new HashMap<>();
    final List<Status> statuses = new ArrayList<>();
    private int nextNote = 300;

    ObjectNode addMergeRequest(int iid, String target, String sha, long sourceProject) {
        ObjectNode one = JsonNodeFactory.instance
                .objectNode()
                .put("id", iid + 155_000)
                .put("iid", iid)
                .put("project_id", PROJECT)
                .put("state", "opened")
                .put("target_branch", target)
                .put("source_branch", "change")
                .put("source_project_id", sourceProject)
                .put("target_project_id", PROJECT)
                .put("sha", sha)
                .put("changes_count", "1");
        mergeRequests.add(one);
        diffs.put("" + iid, new ArrayList<>());
        notes.put("" + iid, new ArrayList<>());
        return one;
    }

    void addDiff(int iid, String before, String after, boolean deleted) {
        diffs.get("" + iid)
                .add(JsonNodeFactory.instance
                        .objectNode()
                        .put("old_path", before)
                        .put("new_path", after)
                        .put("new_file", false)
                        .put("renamed_file", !before.equals(after))
                        .put("deleted_file", deleted)
                        .put("diff", "@@ -1 +1 @@"));
    }

    ObjectNode addNote(int iid, String body, long author, boolean system) {
        ObjectNode note = JsonNodeFactory.instance
                .objectNode()
                .put("id", nextNote++)
                .put("body", body)
                .put("system", system);
        note.putObject("author").put("id", author).put("username", "someone");
        notes.get("" + iid).add(note);
        return note;
    }

    @Override
    public Reply answer(Request request) {
        if (!tokens.contains(request.header("PRIVATE-TOKEN"))) {
            return Reply.error(401, "401 Unauthorized");
        }
        if (request.is("GET", "/user")) {
            return Reply.of(
                    200, JsonNodeFactory.instance.objectNode().put("id", USER).put("username", "bot"));
        }
        if (request.is("GET", PATH + "/merge_requests")) {
            return mergeRequests(request);
        }
        if (request.is("GET", MERGE_REQUEST)) {
            return mergeRequest(request.segment(3))
                    .map(found -> Reply.of(200, found))
                    .orElseGet(() -> Reply.error(404, "404 Not found"));
        }
        if (request.is("GET", MERGE_REQUEST + "/diffs")) {
            return list(request, diffs.get(request.segment(3)));
        }
        if (request.path().matches(MERGE_REQUEST + "/notes(/[0-9]+)?")) {
            return notes(request, request.segment(3));
        }
        return request.is("POST", PATH + "/statuses/[0-9a-f]{40}")
                ? status(request)
                : Reply.error(404, "404 Project Not Found");
    }

    private Optional<ObjectNode> mergeRequest(String iid) {
        return mergeRequests.stream()
                .filter(each -> each.path("iid").asText().equals(iid))
                .findFirst();
    }

    private Reply mergeRequests(Request request) {
        Map<String, String> query = request.query();
        boolean documented = Set.of("state", "target_branch", "order_by", "sort", "per_page", "page")
                        .containsAll(query.keySet())
                && Set.of("opened", "closed", "locked", "merged").contains(query.get("state"))
                && Set.of("created_at", "updated_at", "title").contains(query.get("order_by"))
                && Set.of("asc", "desc").contains(query.get("sort"));
        return documented
                ? list(
                        request,
                        mergeRequests.stream()
                                .filter(each ->
                                        each.path("target_branch").asText().equals(query.get("target_branch")))
                                .toList())
                : Reply.error(400, "state does not have a valid value");
    }

    /** The links of GitLab have its public address. */
    private static Reply list(Request request, List<ObjectNode> elements) {
        return elements == null
                ? Reply.error(404, "404 Not found")
                : ForgeServer.page(request, elements, "https://gitlab.example.com/api/v4" + request.path(), USUAL_PAGE);
    }

    private Reply notes(Request request, String iid) {
        String body = request.body().path("body").asText();
        if (request.is("GET", MERGE_REQUEST + "/notes")) {
            List<ObjectNode> found = notes.get(iid);
            boolean newestFirst = !request.query().getOrDefault("sort", "desc").equals("asc");
            return list(
                    request,
                    newestFirst
                            ? found.stream()
                                    .sorted(Comparator.comparing(
                                            note -> -note.path("id").asInt()))
                                    .toList()
                            : found);
        }
        if (body.isEmpty()) {
            return Reply.error(400, "body is missing");
        }
        if (request.is("POST", MERGE_REQUEST + "/notes")) {
            return Reply.of(201, addNote(Integer.parseInt(iid), body, USER, false));
        }
        return request.is("PUT", MERGE_REQUEST + "/notes/[0-9]+")
                ? edit(iid, request.segment(5), body)
                : Reply.error(404, "404 Not found");
    }

    private Reply edit(String iid, String id, String body) {
        Optional<ObjectNode> note = notes.get(iid).stream()
                .filter(each -> each.path("id").asText().equals(id))
                .findFirst();
        boolean own = note.isPresent() && note.get().path("author").path("id").asLong() == USER;
        return own ? Reply.of(200, note.get().put("body", body)) : Reply.error(403, "403 Forbidden");
    }

    private Reply status(Request request) {
        JsonNode wanted = request.body();
        Status next = new Status(
                request.segment(3),
                wanted.path("name").asText(),
                wanted.path("state").asText(),
                wanted.path("description").asText());
        if (!STATES.contains(next.state()) || next.description().length() > 255) {
            return Reply.error(400, "state does not have a valid value");
        }
        Optional<Status> last = statuses.stream()
                .filter(each -> each.sha().equals(next.sha()) && each.name().equals(next.name()) && each.open())
                .findFirst();
        if (last.isPresent() && next.state().equals("pending")) {
            return Reply.error(
                    400,
                    "Cannot transition status via :enqueue from :" + last.get().state()
                            + " (Reason(s): Status cannot transition via \"enqueue\")");
        }
        last.ifPresent(statuses::remove);
        statuses.add(next);
        return Reply.of(201, wanted);
    }
}
