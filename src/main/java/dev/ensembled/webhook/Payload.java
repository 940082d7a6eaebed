package dev.ensembled.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The few fields of a push that matter, of all providers. Everything else in the body is skipped while it is read. A
 * component is null if the body does not have it.
 *
 * @param ref of GitHub, GitLab, Gitea, Forgejo and the generic form, such as {@code refs/heads/main}
 * @param eventName of GitLab
 * @param push of Bitbucket Cloud
 * @param changes of Bitbucket Data Center
 */
record Payload(String ref, @JsonProperty("event_name") String eventName, Push push, List<Change> changes) {
    /** Nothing is known about the push. */
    static final Payload UNKNOWN = new Payload(null, null, null, null);

    private static final int DEEPEST = 64;
    private static final int LONGEST_NAME = 1_000;
    private static final int LONGEST_NUMBER = 100;

    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNameLength(LONGEST_NAME)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxStringLength(Limits.DEFAULT.body())
                            .maxDocumentLength(Limits.DEFAULT.body())
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(Payload.class);

    /** The push of Bitbucket Cloud. */
    record Push(List<CloudChange> changes) {}

    /** One changed branch or tag of Bitbucket Cloud: {@code now} is null if it was deleted, {@code old} if it was created. */
    record CloudChange(@JsonProperty("new") CloudRef now, CloudRef old) {
        private Optional<String> ref() {
            return Optional.ofNullable(now).or(() -> Optional.ofNullable(old)).flatMap(CloudRef::full);
        }
    }

    /** A branch or tag of Bitbucket Cloud, with its short name. */
    record CloudRef(String type, String name) {
        private Optional<String> full() {
            if (name == null || type == null) {
                return Optional.empty();
            }
            return switch (type) {
                case "branch" -> Optional.of("refs/heads/" + name);
                case "tag" -> Optional.of("refs/tags/" + name);
                default -> Optional.empty();
            };
        }
    }

    /** One changed branch or tag of Bitbucket Data Center. */
    record Change(String refId) {}

    /** Reads a body; if it is anything else than the JSON of a push, nothing is known about it. */
    static Payload read(byte[] body) {
        try {
            Payload payload = READER.readValue(body);
            return payload == null ? UNKNOWN : payload;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** Returns the full names of all changed branches and tags; empty if they cannot be determined. */
    Optional<Set<String>> refs() {
        if (ref != null) {
            return Optional.of(Set.of(ref));
        }
        if (push != null && push.changes() != null) {
            return complete(push.changes().stream()
                    .map(one -> one == null ? Optional.<String>empty() : one.ref())
                    .toList());
        }
        if (changes != null) {
            return complete(changes.stream()
                    .map(one -> Optional.ofNullable(one).map(Change::refId))
                    .toList());
        }
        return Optional.empty();
    }

    /** The changed references, if each of them is known. */
    private static Optional<Set<String>> complete(List<Optional<String>> each) {
        if (each.isEmpty() || each.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        Set<String> all = new HashSet<>();
        each.forEach(one -> one.ifPresent(all::add));
        return Optional.of(all);
    }
}
