package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.plan.RestartReason;
import java.util.List;

/** One thing to do now. The set is closed: whatever carries out steps handles each of them. */
public sealed interface Step {

    /** Whether a server that runs may stop by it. Such a step is decided anew on a fresh look before it is taken. */
    default boolean disruptive() {
        return this instanceof Restart || this instanceof Replace;
    }

    /** For people: what is done, to what. */
    String describe();

    /** Make these objects as they should be. Stops no server. */
    record Apply(List<ObjectState> objects) implements Step {
        public Apply {
            objects = List.copyOf(objects);
        }

        @Override
        public String describe() {
            return "apply "
                    + String.join(", ", objects.stream().map(ObjectState::label).toList());
        }
    }

    /** Ask a member that may be serving to leave, through the Eviction API; it comes back at the wanted revision. */
    record Restart(int member, Instance instance, boolean leader, List<RestartReason> reasons) implements Step {
        public Restart {
            reasons = List.copyOf(reasons);
        }

        @Override
        public String describe() {
            return "restart member " + member + (leader ? " (leader)" : "");
        }
    }

    /** Delete an instance in which no server serves, so that it comes back at the wanted revision. */
    record Replace(int member, Instance instance, List<RestartReason> reasons) implements Step {
        public Replace {
            reasons = List.copyOf(reasons);
        }

        @Override
        public String describe() {
            return "replace member " + member + ", which does not serve";
        }
    }

    /**
     * The sanity test: write through one server, sync and read it back through another.
     *
     * @param fingerprint identifies the set of instances that a success stands for
     */
    record Verify(int writer, int reader, String fingerprint) implements Step {
        @Override
        public String describe() {
            return "verify: write through member " + writer + ", read back through member " + reader;
        }
    }
}
