package dev.ensembled.forge.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ensembled.forge.api.ChangedFile;
import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.forge.api.PullRequest;
import dev.ensembled.forge.http.ForgeClient;
import dev.ensembled.forge.http.RequestHeaders;
import dev.ensembled.forge.http.TokenFile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A project on GitLab, by the API of version 4. The token needs the scope {@code api}, since no smaller scope writes comments
 * or statuses. Its user, or the access token of the project, needs the role Developer, and Maintainer if Developers may not
 * merge into the branch: GitLab protects the statuses of a protected branch like the branch.
 *
 * <p>Requires GitLab 15.7. A pending status keeps its description until its state changes: GitLab refuses to set it again.
 */
public final class GitLabForge implements Forge {
    private static final String PAGE = "per_page=100";
    private static final int MAX_COMMENTS = 2_000;

    /** At the beginning of a line, GitLab carries out commands such as {@code /merge}. */
    private static final Pattern COMMAND = Pattern.compile("(?m)^(\\s*)/");

    private final ForgeClient client;
    private final String project;
    private long user;

    /**
     * Creates the adapter.
     *
     * @param repository its path, such as {@code group/name} or {@code group/subgroup/name}
     */
    public GitLabForge(ForgeClient client, String repository) {
        this.client = client;
        this.project = "projects/" + encoded(repository) + "/";
    }

    /** The headers of each request. */
    public static RequestHeaders headers(TokenFile token) {
        return () -> Map.of("PRIVATE-TOKEN", token.token());
    }

    /** As one segment of a path: with %2F for a slash. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public List<PullRequest> openPullRequests(String branch) throws ForgeFailedException {
        String path = project + "merge_requests?state=opened&target_branch=" + encoded(branch)
                + "&order_by=updated_at&sort=desc&" + PAGE;
        List<PullRequest> found = new ArrayList<>();
        for (JsonNode each : client.list(path, MAX_PULL_REQUESTS)) {
            // A merge request whose source branch was deleted has no commit
            if (found.size() < MAX_PULL_REQUESTS && each.path("sha").isTextual()) {
                found.add(mergeRequest(each));
            }
        }
        return found;
    }

    private static PullRequest mergeRequest(JsonNode json) throws ForgeFailedException {
        boolean fork = json.path("source_project_id").asLong()
                != json.path("target_project_id").asLong();
        return PullRequest.of(json.path("iid").asInt(), json.path("sha").asText(), fork);
    }

    @Override
    public List<ChangedFile> changedFiles(PullRequest pullRequest) throws ForgeFailedException {
        requireComplete(pullRequest);
        List<JsonNode> files = client.list(path(pullRequest) + "/diffs?" + PAGE, MAX_CHANGED_FILES + 1);
        return ChangedFile.bounded(files.stream().map(GitLabForge::changedFile).toList());
    }

    /** GitLab limits the size of a diff, and lists the files within the limit without saying so. */
    private void requireComplete(PullRequest pullRequest) throws ForgeFailedException {
        JsonNode count = client.get(path(pullRequest)).path("changes_count");
        if (!count.isTextual()) {
            throw new ForgeFailedException(
                    Kind.TRANSIENT,
                    "GitLab has not computed the changes of merge request " + pullRequest.number() + " yet",
                    "Nothing; the request is repeated.");
        }
        if (count.asText().endsWith("+")) {
            throw new ForgeFailedException(
                    Kind.REQUEST,
                    "The merge request changes " + count.asText()
                            + " files, which exceeds the diff limits of GitLab, so that the list of files is incomplete",
                    "Divide it into several merge requests, or use \"ensembled plan\" in a clone.");
        }
    }

    private static ChangedFile changedFile(JsonNode json) {
        boolean renamed = json.path("renamed_file").asBoolean();
        return new ChangedFile(
                json.path("new_path").asText(),
                json.path("deleted_file").asBoolean(),
                renamed ? Optional.of(json.path("old_path").asText()) : Optional.empty());
    }

    @Override
    public void comment(PullRequest pullRequest, String marker, String body, boolean create)
            throws ForgeFailedException {
        String notes = path(pullRequest) + "/notes";
        Optional<JsonNode> own =
                own(client.list(notes + "?sort=asc&order_by=created_at&" + PAGE, MAX_COMMENTS), marker);
        String text = COMMAND.matcher(body).replaceAll("$1\\\\/");
        JsonNode wanted = JsonNodeFactory.instance.objectNode().put("body", text);
        if (own.isEmpty()) {
            if (create) {
                client.send("POST", notes, wanted);
            }
        } else if (!own.get().path("body").asText().equals(text)) {
            client.send("PUT", notes + "/" + own.get().path("id").asLong(), wanted);
        }
    }

    /** Anyone can write the marker, so the author counts too. A system note is GitLab's own record of an event. */
    private Optional<JsonNode> own(List<JsonNode> notes, String marker) throws ForgeFailedException {
        if (user == 0) {
            user = client.get("user").path("id").asLong();
        }
        return notes.stream()
                .filter(note -> !note.path("system").asBoolean()
                        && user != 0
                        && note.path("author").path("id").asLong() == user
                        && note.path("body").asText().contains(marker))
                .findFirst();
    }

    @Override
    public void status(String commit, CommitStatus status) throws ForgeFailedException {
        JsonNode wanted = JsonNodeFactory.instance
                .objectNode()
                .put("name", status.context())
                .put("state", state(status.state()))
                .put("description", status.description());
        try {
            client.send("POST", project + "statuses/" + commit, wanted);
        } catch (ForgeFailedException e) {
            if (!isAlreadyPending(e)) {
                throw e;
            }
        }
    }

    /** "Cannot transition status via :enqueue from :pending": GitLab does not set the state that a status has. */
    private static boolean isAlreadyPending(ForgeFailedException e) {
        return e.kind() == Kind.REQUEST && e.getMessage().contains("Cannot transition status via :enqueue");
    }

    private static String state(CommitStatus.State state) {
        return switch (state) {
            case PENDING -> "pending";
            case SUCCESS -> "success";
            case FAILURE -> "failed";
            case CANCELED -> "canceled";
        };
    }

    private String path(PullRequest pullRequest) {
        return project + "merge_requests/" + pullRequest.number();
    }
}
