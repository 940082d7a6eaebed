package dev.ensembled.kubernetes.access;

import dev.ensembled.access.Authorizer;
import dev.ensembled.access.User;
import dev.ensembled.kubernetes.client.ApiFailure;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks the API server: a TokenReview says to whom a token belongs, and a SubjectAccessReview whether RBAC, or another
 * authorizer of the cluster, allows the request. Thread-safe.
 */
public record ReviewAuthorizer(KubernetesClient client) implements Authorizer {
    private static final String RIGHTS =
            "; the daemon's service account must be bound to the ClusterRole system:auth-delegator (k8s/components/api-access)";

    /** A client that forwards a port of the daemon's pod has passed the authorization of the API server. */
    private static final User PORT_FORWARD = User.named("ensembled:port-forward");

    @Override
    public Optional<User> authenticate(String token) {
        TokenReview review = new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .endSpec()
                .build();
        try {
            TokenReview answer = client.tokenReviews().create(review);
            return Optional.ofNullable(answer)
                    .map(TokenReview::getStatus)
                    .filter(status -> Boolean.TRUE.equals(status.getAuthenticated()))
                    .map(status -> user(status.getUser()));
        } catch (KubernetesClientException e) {
            throw unavailable("authenticate the client", e);
        }
    }

    @Override
    public Optional<User> onThisMachine() {
        return Optional.of(PORT_FORWARD);
    }

    @Override
    public boolean allows(User user, Verb verb, String namespace) {
        if (user.equals(PORT_FORWARD)) {
            return verb == Verb.GET;
        }
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(user.name())
                .withUid(user.uid().isEmpty() ? null : user.uid())
                .withGroups(user.groups())
                .withExtra(user.extra())
                .withNewResourceAttributes()
                .withGroup("ensembled.dev")
                .withResource("zookeeperensembles")
                .withVerb(verb.name().toLowerCase(Locale.ROOT))
                .withNamespace(namespace)
                .endResourceAttributes()
                .endSpec()
                .build();
        try {
            SubjectAccessReview answer =
                    client.authorization().v1().subjectAccessReview().create(review);
            return answer != null
                    && answer.getStatus() != null
                    && Boolean.TRUE.equals(answer.getStatus().getAllowed());
        } catch (KubernetesClientException e) {
            throw unavailable("authorize " + user.name(), e);
        }
    }

    private static User user(UserInfo info) {
        return new User(info.getUsername(), info.getUid(), info.getGroups(), info.getExtra());
    }

    private static UnavailableException unavailable(String doing, KubernetesClientException e) {
        ApiFailure failure = new ApiFailure(e);
        return new UnavailableException(
                "cannot " + doing + ": " + failure.message() + (failure.refused() ? RIGHTS : ""), e);
    }
}
