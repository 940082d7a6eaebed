package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.Optional;

/**
 * What people asked for in addition to the spec, for one occasion.
 *
 * @param reconcileNow a token: while it differs from the token that was handled last, maintenance windows are skipped;
 *     no other gate is skipped
 * @param approval the approved steps, such as {@code 7} for all steps of generation 7, {@code 7:leader} or
 *     {@code 7:2,3}
 * @param acceptLoss the generation for which a person accepts that acknowledged writes are lost
 */
public record Requests(Optional<String> reconcileNow, Optional<String> approval, Optional<String> acceptLoss) {
    public static final Requests NONE = new Requests(Optional.empty(), Optional.empty(), Optional.empty());

    /** Returns the command by which a person makes a request, to be pasted into a shell. */
    public static String command(EnsembleId id, String request, String value) {
        return "kubectl -n %s annotate --overwrite zke %s ensembled.dev/%s=%s"
                .formatted(id.namespace(), id.name(), request, value);
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
