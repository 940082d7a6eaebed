package dev.ensembled.webhook;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who sends a delivery, recognized by the header that proves it. Gitea and Forgejo also send the headers of GitHub, so the
 * order matters: the first provider whose header is present is the only one whose header counts.
 */
enum Provider {
    /** Scripts and other forges; see docs/webhooks.md. */
    GENERIC("X-Ensembled-Signature", SignatureForm.SHA256, "X-Ensembled-Event"),
    FORGEJO("X-Forgejo-Signature", SignatureForm.HEX, "X-Forgejo-Event"),
    GITEA("X-Gitea-Signature", SignatureForm.HEX, "X-Gitea-Event"),
    GITHUB("X-Hub-Signature-256", SignatureForm.SHA256, "X-GitHub-Event"),
    /** GitLab with a signing token. */
    GITLAB_SIGNED("webhook-signature", SignatureForm.STANDARD, "X-Gitlab-Event"),
    /** GitLab with a secret token. */
    GITLAB("X-Gitlab-Token", SignatureForm.TOKEN, "X-Gitlab-Event"),
    /** Bitbucket Cloud and Bitbucket Data Center. */
    BITBUCKET("X-Hub-Signature", SignatureForm.SHA256, "X-Event-Key");

    /** What happened in the repository. */
    enum Event {
        PUSH,
        /** A pull request was opened or has changed. */
        PULL_REQUEST,
        /** The sender tests the connection. */
        PING,
        OTHER;

        /** By its name at any provider: no name has two meanings. An event without a name may be a push. */
        private static Event named(String name) {
            return switch (name) {
                case "", "push" -> PUSH;
                // GitLab; the body of a system hook says which event it is
                case "Push Hook", "Tag Push Hook", "System Hook" -> PUSH;
                // Bitbucket
                case "repo:push", "repo:refs_changed", "mirror:repo_synchronized" -> PUSH;
                // GitHub, Gitea and Forgejo, and GitLab
                case "pull_request", "Merge Request Hook" -> PULL_REQUEST;
                case "ping", "diagnostics:ping" -> PING;
                default -> OTHER;
            };
        }
    }

    private final String signatureHeader;
    private final SignatureForm form;
    private final String eventHeader;

    Provider(String signatureHeader, SignatureForm form, String eventHeader) {
        this.signatureHeader = signatureHeader;
        this.form = form;
        this.eventHeader = eventHeader;
    }

    /** Returns the sender; empty if the delivery has none of the headers. */
    static Optional<Provider> of(Delivery delivery) {
        return Arrays.stream(values())
                .filter(provider -> !delivery.values(provider.signatureHeader).isEmpty())
                .findFirst();
    }

    /** Returns the headers of which a delivery needs one, for messages. */
    static String signatureHeaders() {
        return Arrays.stream(values()).map(provider -> provider.signatureHeader).collect(Collectors.joining(", "));
    }

    /** Returns the values of the header that proves the sender; more than one is ambiguous. */
    List<String> signatures(Delivery delivery) {
        return delivery.values(signatureHeader);
    }

    SignatureForm form() {
        return form;
    }

    /** Returns the event. */
    Event event(Delivery delivery) {
        return Event.named(delivery.value(eventHeader).orElse(""));
    }
}
