package dev.ensembled.webhook;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What a verified delivery asks for. Pure; the content of the body decides nothing else. */
enum Hint {
    FETCH,
    /** A pull request was opened or has changed. */
    PLAN_PULL_REQUESTS,
    /** The sender tests the connection. */
    PING,
    /** The event is not a push. */
    OTHER_EVENT,
    /** Only branches and tags were pushed that the source does not follow. */
    OTHER_REF;

    private static final Set<String> GITLAB_PUSHES = Set.of("push", "tag_push", "repository_update");

    /**
     * Returns what the delivery asks for: a push leads to a fetch, unless the body says clearly that it concerns nothing that
     * the source follows.
     *
     * @param follows whether the source follows a reference, such as {@code refs/heads/main}
     */
    static Hint of(Provider provider, Delivery delivery, Predicate<String> follows) {
        return switch (provider.event(delivery)) {
            case PING -> PING;
            case PULL_REQUEST -> PLAN_PULL_REQUESTS;
            case OTHER -> OTHER_EVENT;
            case PUSH -> ofPush(Payload.read(delivery.body()), follows);
        };
    }

    private static Hint ofPush(Payload payload, Predicate<String> follows) {
        if (payload.eventName() != null && !GITLAB_PUSHES.contains(payload.eventName())) {
            return OTHER_EVENT;
        }
        Optional<Set<String>> refs = payload.refs();
        return refs.isEmpty() || refs.get().stream().anyMatch(follows) ? FETCH : OTHER_REF;
    }
}
