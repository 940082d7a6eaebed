package dev.ensembled.reconciler.commitplan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ensembled.reconciler.forecast.Ending;
import java.util.Objects;

/**
 * How the rollout would end.
 *
 * @param gate that would hold it; null if none would
 * @param reason why it would end so, and what to do, for people; null if it would be done
 * @param docs where the gate is described; null if there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlannedEnding(Kind kind, String gate, String reason, String docs) {

    /** How a rollout may end. */
    public enum Kind {
        /** Everything would be as the spec says. */
        DONE,
        /** A gate would hold it that opens by a change of the ensemble or of the cluster. */
        HELD,
        /** A gate would hold it until a person acts. */
        STALLED,
        /** The spec would be refused, and nothing would change. */
        REFUSED
    }

    public PlannedEnding {
        Objects.requireNonNull(kind, "kind");
    }

    static PlannedEnding of(Ending ending) {
        return ending.accept(new Ending.Visitor<>() {
            @Override
            public PlannedEnding visit(Ending.Done done) {
                return new PlannedEnding(Kind.DONE, null, null, null);
            }

            @Override
            public PlannedEnding visit(Ending.Refused refused) {
                return new PlannedEnding(Kind.REFUSED, null, refused.reason(), null);
            }

            @Override
            public PlannedEnding visit(Ending.Held held) {
                return new PlannedEnding(
                        held.stalled() ? Kind.STALLED : Kind.HELD,
                        held.gate().toString(),
                        held.reason(),
                        held.gate().docs());
            }
        });
    }
}
