package dev.ensembled.forge.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ensembled.forge.api.ForgeFailedException;
import java.util.List;
import java.util.Optional;

/** The comments on pull requests, which are issues for the APIs of GitHub, Gitea and Forgejo. */
public final class IssueComments {
    private static final int MAX_COMMENTS = 2_000;

    private final ForgeClient client;
    private final String repository;
    private final String page;
    private final CommentAuthor author;

    /**
     * Creates the comments of one repository.
     *
     * @param repository the path of its resources, with a slash at its end
     * @param page the query that sets the size of a page
     * @param author of the comments that may be updated
     */
    public IssueComments(ForgeClient client, String repository, String page, CommentAuthor author) {
        this.client = client;
        this.repository = repository;
        this.page = page;
        this.author = author;
    }

    /**
     * Updates the comment of the author that contains the marker.
     *
     * @param create whether to create a comment if there is none
     */
    public void write(int number, String marker, String body, boolean create) throws ForgeFailedException {
        String comments = repository + "issues/" + number + "/comments";
        Optional<JsonNode> own = own(client.list(comments + "?" + page, MAX_COMMENTS), marker);
        JsonNode wanted = JsonNodeFactory.instance.objectNode().put("body", body);
        if (own.isEmpty()) {
            if (create) {
                client.send("POST", comments, wanted);
            }
        } else if (!own.get().path("body").asText().equals(body)) {
            client.send(
                    "PATCH",
                    repository + "issues/comments/" + own.get().path("id").asLong(),
                    wanted);
        }
    }

    /** Anyone can write the marker, so the author counts too. */
    private Optional<JsonNode> own(List<JsonNode> comments, String marker) throws ForgeFailedException {
        for (JsonNode comment : comments) {
            if (comment.path("body").asText().contains(marker) && author.wrote(comment)) {
                return Optional.of(comment);
            }
        }
        return Optional.empty();
    }
}
