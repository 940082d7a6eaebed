package dev.ensembled.forge.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.http.ForgeClient;

/** Which comments this client wrote. */
interface OwnComments {
    boolean contains(JsonNode comment) throws ForgeFailedException;

    /** The comments of the user to whom the token belongs; a new token is expected to belong to the same user. */
    static OwnComments ofUser(ForgeClient client) {
        return new OwnComments() {
            private long user;

            @Override
            public boolean contains(JsonNode comment) throws ForgeFailedException {
                if (user == 0) {
                    user = client.get("user").path("id").asLong();
                }
                return user != 0 && comment.path("user").path("id").asLong() == user;
            }
        };
    }

    /** The comments of an App; an App has no user of its own that its token may ask for. */
    static OwnComments ofApp(AppCredentials app) {
        return comment -> {
            JsonNode author = comment.path("performed_via_github_app").path("id");
            // A person may comment through an App as well
            return comment.path("user").path("type").asText().equals("Bot") && author.asLong() == app.appId();
        };
    }
}
