package dev.ensembled.kubernetes;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a failed call to the API server means. */
record ApiFailure(KubernetesClientException cause) {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNPROCESSABLE = 422;
    private static final String SEVERAL_BUDGETS = "more than one PodDisruptionBudget";

    boolean notFound() {
        return cause.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
    }

    boolean conflict() {
        return cause.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    boolean invalid() {
        return cause.getCode() == UNPROCESSABLE;
    }

    /** Whether the API server said no for good: the same request would be refused again. */
    boolean refused() {
        return invalid()
                || cause.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                || cause.getCode() == HttpURLConnection.HTTP_BAD_REQUEST;
    }

    /**
     * The gate that a budget closes; empty if something else is in the way. An overloaded API server answers 429 too, but
     * names no budget.
     */
    Optional<Outcome> blockedByBudget() {
        String causes = status().flatMap(status -> Optional.ofNullable(status.getDetails()))
                .map(details -> details.getCauses().stream()
                        .filter(found -> "DisruptionBudget".equals(found.getReason()))
                        .map(StatusCause::getMessage)
                        .collect(Collectors.joining("; ")))
                .orElse("");
        boolean refused = cause.getCode() == TOO_MANY_REQUESTS && !causes.isEmpty();
        boolean several = cause.getCode() == HttpURLConnection.HTTP_INTERNAL_ERROR
                && message().contains(SEVERAL_BUDGETS);
        return refused || several
                ? Optional.of(new Outcome.Blocked("budget", several ? message() : message() + " " + causes))
                : Optional.empty();
    }

    RetryLaterException retryLater(String doing) {
        return new RetryLaterException(doing + ": " + message(), cause);
    }

    String message() {
        return status().map(Status::getMessage).filter(text -> !text.isBlank()).orElseGet(this::rootMessage);
    }

    private String rootMessage() {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private Optional<Status> status() {
        return Optional.ofNullable(cause.getStatus());
    }
}
