package dev.ensembled.forge.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.forge.ForgeServer.Reply;
import dev.ensembled.forge.ForgeServer.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An App and its one installation, as GitHub documents them: who has the key gets tokens that are restricted. */
final class FakeInstallation {
    static final long INSTALLATION = 31_415;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofMinutes(10);

    final List<String> tokens = new ArrayList<>();
    final List<JsonNode> restrictions = new ArrayList<>();
    final Map<String, String> granted = new TreeMap<>(
            Map.of("pull_requests", "write", "statuses", "write", "contents", "read", "metadata", "read"));
    boolean installed = true;
    Optional<JsonNode> oddAnswer = Optional.empty();
    private final PublicKey key;
    private final Clock clock;
    private int issued;

    FakeInstallation(PublicKey key, Clock clock) {
        this.key = key;
        this.clock = clock;
    }

    long id() {
        return Long.parseLong(TestApp.ID);
    }

    boolean issued(String token) {
        return tokens.contains(token);
    }

    static boolean isForApps(Request request) {
        return request.path().matches("/app(/.*)?") || request.path().matches("/repos/[^/]+/[^/]+/installation");
    }

    Reply answer(Request request, String jwt) {
        Optional<String> refused = refused(jwt);
        if (refused.isPresent()) {
            return Reply.error(401, refused.get());
        }
        if (request.is("GET", "/app")) {
            return Reply.of(200, FakeGitHub.object().put("id", id()).put("client_id", TestApp.CLIENT_ID));
        }
        if (request.is("GET", "/repos/" + FakeGitHub.REPOSITORY + "/installation") && installed) {
            return Reply.of(200, FakeGitHub.object().put("id", INSTALLATION).put("app_id", id()));
        }
        return request.is("POST", "/app/installations/" + INSTALLATION + "/access_tokens")
                ? token(request.body())
                : Reply.error(404, "Not Found");
    }

    private Reply token(JsonNode restriction) {
        if (!restriction.path("repositories").toString().equals("[\"configuration\"]")) {
            return Reply.error(422, "There is at least one repository that does not exist or is not accessible");
        }
        boolean allowed = restriction.path("permissions").properties().stream()
                .allMatch(each -> each.getValue().asText().equals(granted.get(each.getKey())));
        if (!allowed) {
            return Reply.error(422, "The permissions requested are not granted to this installation.");
        }
        if (oddAnswer.isPresent()) {
            return Reply.of(201, oddAnswer.get());
        }
        restrictions.add(restriction);
        String token = "ghs_" + "x".repeat(30) + ++issued;
        tokens.add(token);
        ObjectNode answer = FakeGitHub.object()
                .put("token", token)
                .put(
                        "expires_at",
                        Instant.now(clock)
                                .plus(Duration.ofHours(1))
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString())
                .put("repository_selection", "selected");
        answer.set("permissions", restriction.path("permissions"));
        return Reply.of(201, answer);
    }

    /** Why the token of the App is refused; empty if it is accepted. */
    private Optional<String> refused(String jwt) {
        String[] parts = jwt.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.of("A JSON web token could not be decoded");
        }
        try {
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            if (!header.path("alg").asText().equals("RS256")
                    || !signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
                return Optional.of("A JSON web token could not be decoded");
            }
            return refused(claims);
        } catch (IOException | GeneralSecurityException e) {
            return Optional.of("A JSON web token could not be decoded");
        }
    }

    private Optional<String> refused(JsonNode claims) {
        long now = Instant.now(clock).getEpochSecond();
        String issuer = claims.path("iss").asText();
        if (!issuer.equals(TestApp.ID) && !issuer.equals(TestApp.CLIENT_ID)) {
            return Optional.of("Integration not found");
        }
        if (claims.path("iat").asLong() > now) {
            return Optional.of("'Issued at' claim ('iat') must be an Integer representing a time in the past");
        }
        boolean valid = claims.path("exp").asLong() > now && claims.path("exp").asLong() <= now + LONGEST.toSeconds();
        return valid ? Optional.empty() : Optional.of("'Expiration time' claim ('exp') is too far in the future");
    }
}
