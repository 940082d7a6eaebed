package dev.ensembled.forge.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ensembled.forge.api.ChangedFile;
import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
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
 * A repository on GitHub, by the REST API of version 2022-11-28. A fine-grained token needs "Pull requests: read and write",
 * for the list, the changed files and the comments, and "Commit statuses: read and write"; GitHub adds "Metadata: read". A
 * classic token needs the scope {@code repo}, or {@code public_repo} for a public repository. A GitHub App needs the same
 * permissions as a fine-grained token.
 */
public final class GitHubForge implements Forge {
    private static final String PAGE = "per_page=100";

    private final ForgeClient client;
    private final String repository;
    private final IssueComments comments;

    private GitHubForge(ForgeClient client, String repository, CommentAuthor author) {
        this.client = client;
        this.repository = "repos/" + repository + "/";
        this.comments = new IssueComments(client, this.repository, PAGE, author);
    }

    /**
     * Creates the adapter for the token of a user.
     *
     * @param client with the headers of {@link #headers(TokenFile)}
     * @param repository its path, {@code owner/name}
     */
    public static GitHubForge withToken(ForgeClient client, String repository) {
        return new GitHubForge(client, repository, CommentAuthor.user(client));
    }

    /**
     * Creates the adapter for a GitHub App.
     *
     * @param client with the credentials as its headers
     * @param repository its path, {@code owner/name}
     */
    public static GitHubForge asApp(ForgeClient client, String repository, AppCredentials app) {
        return new GitHubForge(client, repository, comment -> wrote(app, comment));
    }

    /** An App has no user of its own that its token may ask for. A person may comment through an App as well. */
    private static boolean wrote(AppCredentials app, JsonNode comment) throws ForgeFailedException {
        JsonNode through = comment.path("performed_via_github_app").path("id");
        return comment.path("user").path("type").asText().equals("Bot") && through.asLong() == app.appId();
    }

    /** The headers of each request with the token of a user. */
    public static RequestHeaders headers(TokenFile token) {
        return () -> headers(token.token());
    }

    static Map<String, String> headers(String token) {
        return Map.of(
                "Accept",
                "application/vnd.github+json",
                "X-GitHub-Api-Version",
                "2022-11-28",
                "Authorization",
                "Bearer " + token);
    }

    @Override
    public List<PullRequest> openPullRequests(String branch) throws ForgeFailedException {
        String base = URLEncoder.encode(branch, StandardCharsets.UTF_8);
        String path = repository + "pulls?state=open&base=" + base + "&sort=updated&direction=desc&" + PAGE;
        List<PullRequest> found = new ArrayList<>();
        for (JsonNode each : client.list(path, MAX_PULL_REQUESTS)) {
            if (found.size() < MAX_PULL_REQUESTS) {
                found.add(pullRequest(each));
            }
        }
        return found;
    }

    private static PullRequest pullRequest(JsonNode json) throws ForgeFailedException {
        JsonNode head = json.path("head");
        // The repository is null if the fork was deleted; 0 is no id
        long from = head.path("repo").path("id").asLong();
        boolean fork =
                from == 0 || from != json.path("base").path("repo").path("id").asLong();
        return PullRequest.of(json.path("number").asInt(), head.path("sha").asText(), fork);
    }

    @Override
    public List<ChangedFile> changedFiles(PullRequest pullRequest) throws ForgeFailedException {
        List<JsonNode> files =
                client.list(repository + "pulls/" + pullRequest.number() + "/files?" + PAGE, MAX_CHANGED_FILES + 1);
        if (files.size() >= MAX_CHANGED_FILES) {
            throw new ForgeFailedException(
                    Kind.REQUEST,
                    "The pull request changes " + MAX_CHANGED_FILES
                            + " files or more; GitHub lists no more than that, so the list may be incomplete",
                    "Divide it into several pull requests, or use \"ensembled plan\" in a clone.");
        }
        return files.stream().map(GitHubForge::changedFile).toList();
    }

    private static ChangedFile changedFile(JsonNode json) {
        String status = json.path("status").asText();
        return new ChangedFile(
                json.path("filename").asText(),
                status.equals("removed"),
                status.equals("renamed")
                        ? Optional.of(json.path("previous_filename").asText())
                        : Optional.empty());
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
        // GitHub's name for a status without a result
        return state == CommitStatus.State.CANCELED ? "error" : state.name().toLowerCase(Locale.ROOT);
    }
}
