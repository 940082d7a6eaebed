package dev.ensembled.kubernetes.observe;

import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.Problem;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The phase of a pod, with the reason in the words of Kubernetes.
 *
 * <p>A pod on a node that has stopped reporting is recognized without reading nodes: the node lifecycle controller then
 * sets the condition Ready to False and leaves ContainersReady at True, which the kubelet never does for a pod without
 * readiness gates (MarkPodsNotReady in Kubernetes 1.34). A pod that still exists well after the time at which it should
 * have been gone is on an unreachable node too.
 */
record PodPhase(Phase phase, String reason, String message) {
    private static final Duration GONE_BY_THEN = Duration.ofSeconds(15);
    static final String SERVER = "zookeeper";

    /** The kubelet's reason for a container that reached its memory limit. */
    private static final String OOM_KILLED = "OOMKilled";

    /** Our reason for a container that ended because the heap of its JVM was full. */
    private static final String OUT_OF_MEMORY = "OutOfMemory";

    static PodPhase of(Pod pod, Instant now) {
        PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return leaving(pod, now);
        }
        if (nodeLost(pod, status)) {
            return new PodPhase(
                    Phase.UNKNOWN, "NodeLost", "node " + pod.getSpec().getNodeName() + " stopped reporting its status");
        }
        return switch (text(status.getPhase())) {
            case "Unknown" -> new PodPhase(Phase.UNKNOWN, text(status.getReason()), text(status.getMessage()));
            case "Failed", "Succeeded" ->
                new PodPhase(Phase.CRASHED, either(status.getReason(), status.getPhase()), text(status.getMessage()));
            default -> ofServer(status);
        };
    }

    /** The problem on which a decision depends, by the reason. */
    Problem problem() {
        return switch (reason) {
            case OOM_KILLED -> Problem.MEMORY_LIMIT;
            case OUT_OF_MEMORY -> Problem.HEAP_FULL;
            default ->
                switch (phase) {
                    case PENDING -> startProblem(reason.toLowerCase(Locale.ROOT));
                    case CRASHED -> reason.contains("BackOff") ? Problem.BACK_OFF : Problem.NONE;
                    case RUNNING, TERMINATING, UNKNOWN -> Problem.NONE;
                };
        };
    }

    /**
     * Kubernetes documents no closed list of reasons: those of a waiting container, of the condition PodScheduled and of
     * Events are recognized by the words that they have in common, such as ErrImagePull and ImagePullBackOff.
     */
    private static Problem startProblem(String reason) {
        if (reason.contains("schedul")) {
            return Problem.UNSCHEDULABLE;
        } else if (reason.contains("image")) {
            return Problem.IMAGE;
        }
        return reason.contains("volume") || reason.contains("mount") || reason.contains("attach")
                ? Problem.VOLUME
                : Problem.NONE;
    }

    private static PodPhase leaving(Pod pod, Instant now) {
        Instant due = Instant.parse(pod.getMetadata().getDeletionTimestamp());
        return now.isAfter(due.plus(GONE_BY_THEN))
                ? new PodPhase(
                        Phase.UNKNOWN,
                        "NotGone",
                        "not deleted by its deadline " + due + "; check whether node "
                                + pod.getSpec().getNodeName() + " is running")
                : new PodPhase(Phase.TERMINATING, "Terminating", "");
    }

    private static boolean nodeLost(Pod pod, PodStatus status) {
        List<?> gates = pod.getSpec().getReadinessGates();
        return (gates == null || gates.isEmpty())
                && condition(status, "Ready")
                        .filter(ready -> ready.getStatus().equals("False"))
                        .isPresent()
                && condition(status, "ContainersReady")
                        .filter(ready -> ready.getStatus().equals("True"))
                        .isPresent();
    }

    private static PodPhase ofServer(PodStatus status) {
        Optional<ContainerStatus> server = server(status);
        ContainerState state = server.map(ContainerStatus::getState).orElseGet(ContainerState::new);
        ContainerStateTerminated last = server.map(ContainerStatus::getLastState)
                .map(ContainerState::getTerminated)
                .orElse(null);
        if (state.getRunning() != null) {
            return running(status, state.getRunning(), last);
        }
        if (state.getTerminated() != null) {
            return crashed(either(state.getTerminated().getReason(), "Terminated"), state.getTerminated());
        }
        ContainerStateWaiting waiting = state.getWaiting();
        if (last != null) {
            return crashed(waiting == null ? "Waiting" : text(waiting.getReason()), last);
        }
        return neverStarted(status, waiting);
    }

    /** A container that ran out of memory counts as short of memory until it has been ready again. */
    private static PodPhase running(PodStatus status, ContainerStateRunning running, ContainerStateTerminated last) {
        boolean unreadySinceThen = condition(status, "Ready")
                .filter(ready -> ready.getStatus().equals("False"))
                .filter(ready -> ready.getLastTransitionTime() != null && running.getStartedAt() != null)
                .filter(ready ->
                        !Instant.parse(ready.getLastTransitionTime()).isAfter(Instant.parse(running.getStartedAt())))
                .isPresent();
        Optional<String> shortage = last == null || !unreadySinceThen ? Optional.empty() : shortage(last);
        return shortage.map(word -> new PodPhase(Phase.RUNNING, word, how(last)))
                .orElseGet(() -> new PodPhase(Phase.RUNNING, "", ""));
    }

    private static PodPhase crashed(String reason, ContainerStateTerminated last) {
        return new PodPhase(Phase.CRASHED, shortage(last).orElse(reason), how(last));
    }

    private static String how(ContainerStateTerminated last) {
        String code = "exit code " + last.getExitCode();
        return text(last.getMessage()).isBlank()
                ? code
                : code + ": " + last.getMessage().strip();
    }

    /** Returns the shortage of memory, by the kubelet's report or by the last message of the JVM or the server. */
    private static Optional<String> shortage(ContainerStateTerminated last) {
        if (OOM_KILLED.equals(last.getReason())) {
            return Optional.of(OOM_KILLED);
        }
        return text(last.getMessage()).contains("java.lang.OutOfMemoryError")
                ? Optional.of(OUT_OF_MEMORY)
                : Optional.empty();
    }

    private static PodPhase neverStarted(PodStatus status, ContainerStateWaiting waiting) {
        Optional<PodCondition> unscheduled = condition(status, "PodScheduled")
                .filter(condition -> condition.getStatus().equals("False"));
        if (unscheduled.isPresent()) {
            return new PodPhase(
                    Phase.PENDING,
                    either(unscheduled.get().getReason(), "Unschedulable"),
                    text(unscheduled.get().getMessage()));
        }
        for (ContainerStatus init : status.getInitContainerStatuses()) {
            Optional<PodPhase> held = heldBy(init);
            if (held.isPresent()) {
                return held.get();
            }
        }
        return waiting == null
                ? new PodPhase(Phase.PENDING, "Pending", text(status.getMessage()))
                : new PodPhase(Phase.PENDING, text(waiting.getReason()), text(waiting.getMessage()));
    }

    private static Optional<PodPhase> heldBy(ContainerStatus init) {
        ContainerState state = Objects.requireNonNullElseGet(init.getState(), ContainerState::new);
        String name = "init container " + init.getName() + ": ";
        if (state.getWaiting() != null && !text(state.getWaiting().getReason()).equals("PodInitializing")) {
            return Optional.of(new PodPhase(
                    Phase.PENDING,
                    "Init:" + text(state.getWaiting().getReason()),
                    name + text(state.getWaiting().getMessage())));
        }
        if (state.getTerminated() != null
                && !Integer.valueOf(0).equals(state.getTerminated().getExitCode())) {
            return Optional.of(new PodPhase(
                    Phase.PENDING,
                    "Init:" + either(state.getTerminated().getReason(), "Error"),
                    name + "exit code " + state.getTerminated().getExitCode()));
        }
        return Optional.empty();
    }

    /**
     * Returns the disk state that the start script reported by its exit code. Only of a container that does not run: an
     * earlier exit says nothing about a server that was started later.
     */
    static Disk disk(Pod pod) {
        PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        return server(status)
                .filter(container ->
                        container.getState() == null || container.getState().getRunning() == null)
                .flatMap(PodPhase::lastEnd)
                .map(ended -> disk(Objects.requireNonNullElse(ended.getExitCode(), 0)))
                .orElse(Disk.FINE);
    }

    private static Disk disk(int exitCode) {
        return switch (exitCode) {
            case 81 -> Disk.BLANK;
            case 82 -> Disk.FOREIGN;
            case 83 -> Disk.CORRUPT;
            default -> Disk.FINE;
        };
    }

    private static Optional<ContainerStatus> server(PodStatus status) {
        return status.getContainerStatuses().stream()
                .filter(container -> container.getName().equals(SERVER))
                .findFirst();
    }

    private static Optional<ContainerStateTerminated> lastEnd(ContainerStatus container) {
        return Stream.of(container.getState(), container.getLastState())
                .filter(Objects::nonNull)
                .map(ContainerState::getTerminated)
                .filter(Objects::nonNull)
                .findFirst();
    }

    static Optional<PodCondition> readiness(Pod pod) {
        return condition(Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new), "Ready");
    }

    static Optional<PodCondition> condition(PodStatus status, String type) {
        return status.getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    private static String either(String first, String second) {
        return first == null || first.isBlank() ? second : first;
    }

    private static String text(String text) {
        return text == null ? "" : text;
    }
}
