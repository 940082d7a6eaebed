package dev.ensembled.kubernetes.client;

import dev.ensembled.reconciler.cycle.ChangedMeanwhileException;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.rollout.Gate;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a failed call to the API server means. */
public record ApiFailure(KubernetesClientException cause) {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNPROCESSABLE = 422;
    private static final String SEVERAL_BUDGETS = "more than one PodDisruptionBudget";

    /**
     * Makes a change for which some failures are expected.
     *
     * @throws RetryLaterException for any other failure
     */
    public static Outcome expecting(String doing, Supplier<Outcome> change) {
        try {
            return change.get();
        } catch (KubernetesClientException e) {
            ApiFailure failure = new ApiFailure(e);
            if (failure.isConflict() || failure.notFound()) {
                return new Outcome.Stale(doing + ": " + failure.message());
            }
            if (failure.refused()) {
                return new Outcome.Blocked(Gate.REFUSED_BY_API, doing + ": " + failure.message());
            }
            throw failure.retryLater(doing);
        }
    }

    public boolean notFound() {
        return cause.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
    }

    /** Whether a precondition did not hold. A patch with the UID of another object is answered with 422. */
    public boolean isConflict() {
        return cause.getCode() == HttpURLConnection.HTTP_CONFLICT
                || (invalid() && message().contains("metadata.uid"));
    }

    public boolean invalid() {
        return cause.getCode() == UNPROCESSABLE;
    }

    /** Whether the API server refused permanently: it would refuse the same request again. */
    public boolean refused() {
        return invalid()
                || cause.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                || cause.getCode() == HttpURLConnection.HTTP_BAD_REQUEST;
    }

    /**
     * Returns the gate that a budget closes; empty if something else prevents the eviction. An overloaded API server
     * answers 429 too, but names no budget.
     */
    public Optional<Outcome> blockedByBudget() {
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
                ? Optional.of(new Outcome.Blocked(Gate.BUDGET, several ? message() : message() + " " + causes))
                : Optional.empty();
    }

    /** Returns the message of an admission controller, if it refused the request. */
    public Optional<String> refusedByAdmission() {
        String message = message();
        boolean refused = message.contains("admission webhook") && message.contains("denied the request");
        boolean failed = message.contains("failed calling webhook");
        boolean policy = message.contains("ValidatingAdmissionPolicy") && message.contains("denied request");
        return refused || failed || policy ? Optional.of(message) : Optional.empty();
    }

    public RetryLaterException retryLater(String doing) {
        String reason = doing + ": " + message();
        return isConflict() ? new ChangedMeanwhileException(reason, cause) : new RetryLaterException(reason, cause);
    }

    public String message() {
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
