package dev.ensembled.forge.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.forge.api.ForgeFailedException;

/** By whom the comments of this client are. */
public interface CommentAuthor {
    /** Whether this client wrote a comment. */
    boolean wrote(JsonNode comment) throws ForgeFailedException;

    /** The user to whom the token belongs; a new token is expected to belong to the same user. */
    static CommentAuthor user(ForgeClient client) {
        return new CommentAuthor() {
            private long user;

            @Override
            public boolean wrote(JsonNode comment) throws ForgeFailedException {
                if (user == 0) {
                    user = client.get("user").path("id").asLong();
                }
                return user != 0 && comment.path("user").path("id").asLong() == user;
            }
        };
    }
}
