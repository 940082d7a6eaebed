package dev.ensembled.reconciler.rollout;

import java.time.Instant;
import java.util.Optional;

/** What the brain decided after one look. */
public sealed interface Decision {

    /** Take this step now. */
    record Act(Step step, String reason) implements Decision {}

    /**
     * A gate is closed; look again when something changes, or at a time.
     *
     * @param gate its name, the same in log, status, metric and page
     * @param until when it may open by the passing of time alone
     * @param waitsFor who opens it
     */
    record Wait(String gate, String reason, Optional<Instant> until, WaitsFor waitsFor) implements Decision {

        /** For servers. */
        public Wait(String gate, String reason, Optional<Instant> until) {
            this(gate, reason, until, WaitsFor.SERVERS);
        }
    }

    /** A person must act, or push: nothing healthy is touched until then. */
    record Stalled(String gate, String reason) implements Decision {}

    /** Everything is as wanted, and proven. */
    record Done() implements Decision {}

    /** The spec asks for what would not be safe, or what this version cannot do; the ensemble stays as it is. */
    record Refused(String reason) implements Decision {}
}
