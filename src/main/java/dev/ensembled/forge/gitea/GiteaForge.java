package dev.ensembled.forge.gitea;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ensembled.forge.api.ChangedFile;
import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.PullRequest;
import dev.ensembled.forge.http.CommentAuthor;
import dev.ensembled.forge.http.ForgeClient;
import dev.ensembled.forge.http.IssueComments;
import dev.ensembled.forge.http.RequestHeaders;
import dev.ensembled.forge.http.TokenFile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A repository on Gitea or Forgejo, by the API of version 1. The token needs the scopes {@code write:repository}, for
 * statuses, {@code write:issue}, for comments, and {@code read:user}, to recognize its own comments.
 */
public final class GiteaForge implements Forge {
    private static final String PAGE = "limit=50";

    private final ForgeClient client;
    private final String repository;
    private final IssueComments comments;

    /**
     * Creates the adapter.
     *
     * @param repository its path, such as {@code owner/name}
     */
    public GiteaForge(ForgeClient client, String repository) {
        this.client = client;
        this.repository = "repos/" + repository + "/";
        this.comments = new IssueComments(client, this.repository, PAGE, CommentAuthor.user(client));
    }

    /** The headers of each request. */
    public static RequestHeaders headers(TokenFile token) {
        return () -> Map.of("Authorization", "token " + token.token());
    }

    @Override
    public List<PullRequest> openPullRequests(String branch) throws ForgeFailedException {
        // A version that does not know this parameter lists the pull requests into all branches
        String query = "base_branch=" + URLEncoder.encode(branch, StandardCharsets.UTF_8);
        String path = repository + "pulls?state=open&sort=recentupdate&" + query + "&" + PAGE;
        List<PullRequest> found = new ArrayList<>();
        for (JsonNode each : client.list(path, MAX_PULL_REQUESTS)) {
            if (each.path("base").path("ref").asText().equals(branch) && found.size() < MAX_PULL_REQUESTS) {
                found.add(pullRequest(each));
            }
        }
        return found;
    }

    private static PullRequest pullRequest(JsonNode json) throws ForgeFailedException {
        JsonNode head = json.path("head");
        boolean fork = head.path("repo_id").asLong()
                != json.path("base").path("repo_id").asLong();
        return PullRequest.of(json.path("number").asInt(), head.path("sha").asText(), fork);
    }

    @Override
    public List<ChangedFile> changedFiles(PullRequest pullRequest) throws ForgeFailedException {
        List<JsonNode> files =
                client.list(repository + "pulls/" + pullRequest.number() + "/files?" + PAGE, MAX_CHANGED_FILES + 1);
        return ChangedFile.bounded(files.stream().map(GiteaForge::changedFile).toList());
    }

    private static ChangedFile changedFile(JsonNode json) {
        return new ChangedFile(
                json.path("filename").asText(),
                json.path("status").asText().equals("deleted"),
                Optional.of(json.path("previous_filename").asText()).filter(path -> !path.isEmpty()));
    }

    @Override
    public void comment(PullRequest pullRequest, String marker, String body, boolean create)
            throws ForgeFailedException {
        comments.write(pullRequest.number(), marker, body, create);
    }

    @Override
    public void status(String commit, CommitStatus status) throws ForgeFailedException {
        client.send(
                "POST",
                repository + "statuses/" + commit,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("context", status.context())
                        .put("state", state(status.state()))
                        .put("description", status.description()));
    }

    private static String state(CommitStatus.State state) {
        // Gitea's name for a result that is neither
        return state == CommitStatus.State.CANCELED ? "warning" : state.name().toLowerCase(Locale.ROOT);
    }
}
