package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.desired.Desired.Place;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What may not become of the committed membership. */
final class Membership {
    private Membership() {}

    /** Why the spec's membership is refused; empty if it is the committed one, or if the ensemble has never formed. */
    static Optional<String> refusal(Situation situation) {
        if (!situation.observed().status().hasFormed()) {
            return Optional.empty();
        }
        Set<Integer> voters = committed(situation, true);
        Set<Integer> observers = committed(situation, false);
        boolean asWanted = voters.equals(wanted(situation, true)) && observers.equals(wanted(situation, false));
        if (voters.isEmpty() || asWanted) {
            return Optional.empty();
        }
        return Optional.of(
                ("the ensemble has %d voters and %d observers, and the spec asks for %d and %d. This version of"
                                + " ensembled does not change the membership of a formed ensemble: set spec.voters and"
                                + " spec.observers back")
                        .formatted(
                                voters.size(),
                                observers.size(),
                                situation.desired().spec().voters(),
                                situation.desired().spec().observers()));
    }

    /** As the servers say now; else as they said last. */
    private static Set<Integer> committed(Situation situation, boolean voters) {
        return situation.serving().stream()
                .findFirst()
                .map(serving -> voters
                        ? serving.membership().voters()
                        : serving.membership().observers())
                .orElseGet(() -> lastSeen(situation.observed().status(), voters));
    }

    private static Set<Integer> lastSeen(EnsembleStatus status, boolean voters) {
        return Set.copyOf(voters ? status.voters() : status.observers());
    }

    private static Set<Integer> wanted(Situation situation, boolean voters) {
        return situation.desired().members().stream()
                .filter(place -> place.voter() == voters)
                .map(Place::id)
                .collect(Collectors.toSet());
    }
}
