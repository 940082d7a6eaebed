package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What people asked for in addition to the spec, for one occasion.
 *
 * @param reconcileNow a token: while it differs from the token that was handled last, maintenance windows are skipped;
 *     no other gate is skipped
 * @param approval the approved steps, such as {@code 7} for all steps of generation 7, {@code 7:leader} or
 *     {@code 7:2,3}
 * @param acceptLoss the generation for which a person accepts that acknowledged writes are lost
 * @param paused who paused the rollout and why, as that person wrote it; empty if it is not paused by a request
 * @param confirmedRemoval the commit for which a person confirms that it removes the ensemble
 */
public record Requests(
        Optional<String> reconcileNow,
        Optional<String> approval,
        Optional<String> acceptLoss,
        Optional<String> paused,
        Optional<String> confirmedRemoval) {
    /** The names of the requests; an annotation has this name after {@code ensembled.dev/}. */
    public static final String RECONCILE_NOW = "reconcile-now";

    public static final String APPROVE = "approve";
    public static final String ACCEPT_LOSS = "accept-data-loss";
    public static final String PAUSED = "paused";
    public static final String CONFIRM_REMOVAL = "confirm-removal";
    public static final List<String> ALL = List.of(RECONCILE_NOW, APPROVE, ACCEPT_LOSS, PAUSED, CONFIRM_REMOVAL);

    public static final Requests NONE = named(name -> Optional.empty());

    private static final int SHOWN = 200;

    /** Returns the requests with these values, by their names. */
    public static Requests named(Function<String, Optional<String>> values) {
        return new Requests(
                values.apply(RECONCILE_NOW),
                values.apply(APPROVE),
                values.apply(ACCEPT_LOSS),
                values.apply(PAUSED).filter(text -> !text.equals("false")),
                values.apply(CONFIRM_REMOVAL));
    }

    /** Returns the command by which a person makes a request, to be pasted into a shell. */
    public static String command(EnsembleId id, String request, String value) {
        return "kubectl -n %s annotate --overwrite zke %s ensembled.dev/%s=%s"
                .formatted(id.namespace(), id.name(), request, value);
    }

    /** Returns the command by which a person withdraws a request. */
    public static String withdrawal(EnsembleId id, String request) {
        return "kubectl -n %s annotate zke %s ensembled.dev/%s-".formatted(id.namespace(), id.name(), request);
    }

    /** Returns what pauses the rollout, as a clause; empty if no request pauses it. */
    public Optional<String> pause() {
        return paused.map(text -> "the annotation ensembled.dev/paused is set"
                + (text.equals("true") ? "" : " (" + shortened(SafeText.of(text)) + ")"));
    }

    private static String shortened(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    }

    /** Whether a step on a member is approved for a generation of the spec. */
    public boolean approves(long generation, int member, boolean leader) {
        return approval.map(text -> text.strip().split(":", 2))
                .filter(parts -> parts[0].strip().equals(Long.toString(generation)))
                .filter(parts -> parts.length == 1 || names(parts[1], member, leader))
                .isPresent();
    }

    private static boolean names(String list, int member, boolean leader) {
        for (String name : list.split(",", -1)) {
            String word = name.strip();
            if (word.equals("all") || word.equals(Integer.toString(member)) || (leader && word.equals("leader"))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a person has accepted, for this generation, that acknowledged writes are lost. */
    public boolean acceptsLoss(long generation) {
        return acceptLoss
                .filter(text -> text.strip().equals(Long.toString(generation)))
                .isPresent();
    }
}
