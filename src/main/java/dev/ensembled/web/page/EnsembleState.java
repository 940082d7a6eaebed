package dev.ensembled.web.page;

import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.WaitsFor;
import dev.ensembled.summary.Summary;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The state of an ensemble as the overview sorts and filters by it: what needs a person comes first. */
public enum EnsembleState {
    /** A person must repair something. */
    STALLED("Stalled"),
    /** A person must decide, or its file cannot be accepted. */
    HELD("Held"),
    /** Its cycles fail, so that its state is not known now. */
    FAILING("Failing"),
    /** It waits for others than its own servers, and may go on without a person. */
    WAITING("Waiting"),
    /** A rollout takes steps, or waits for its servers between two of them. */
    ROLLING("Rolling"),
    /** Nothing is reported yet. */
    PENDING("Pending"),
    SETTLED("Settled");

    private final String text;

    EnsembleState(String text) {
        this.text = text;
    }

    static EnsembleState of(Summary summary, boolean fileHeld, boolean fails) {
        if (fails && summary.state() != Summary.State.STALLED && summary.state() != Summary.State.HELD) {
            return FAILING;
        }
        EnsembleState state =
                switch (summary.state()) {
                    case STALLED -> STALLED;
                    case HELD -> HELD;
                    case WAITING -> waitsForServers(summary.gate()) ? ROLLING : WAITING;
                    case ROLLING -> ROLLING;
                    case PENDING -> PENDING;
                    case SETTLED -> SETTLED;
                };
        return fileHeld && state != STALLED ? HELD : state;
    }

    private static boolean waitsForServers(Optional<Gate> gate) {
        return gate.filter(closed -> closed.waitsFor() == WaitsFor.SERVERS).isPresent();
    }

    /** Returns the state of this key; empty for any other text. */
    static Optional<EnsembleState> named(String key) {
        return Arrays.stream(values()).filter(state -> state.key().equals(key)).findFirst();
    }

    /** The name in the address of the page, and of its class in the style sheet. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean needsPerson() {
        return this == STALLED || this == HELD;
    }

    @Override
    public String toString() {
        return text;
    }
}
