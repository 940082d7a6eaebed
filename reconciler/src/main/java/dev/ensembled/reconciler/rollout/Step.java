package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.Observed.Replicas;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.plan.RestartReason;
import java.util.List;

/** One thing to do now. The set is closed: whatever carries out steps handles each of them. */
public sealed interface Step {

    /** Whether a server that runs may stop by it. Such a step is decided anew on a fresh look before it is taken. */
    default boolean disruptive() {
        return !(this instanceof Apply || this instanceof RunSanityTest || this instanceof Expand);
    }

    /** For people: what is done, to what. */
    String describe();

    /**
     * Make these objects as they should be. Stops no server.
     *
     * @param places how many places get an instance at least, from member 1 on; those that have one keep it
     */
    record Apply(List<ObjectState> objects, int places) implements Step {
        public Apply {
            objects = List.copyOf(objects);
        }

        @Override
        public String describe() {
            return "apply "
                    + String.join(", ", objects.stream().map(ObjectState::label).toList());
        }
    }

    /**
     * Record that the ensemble is about to be founded, before anything of it exists: only on that record may a server
     * begin with an empty database (rule 10). Changes nothing but the status.
     */
    record Bootstrap(int voters, int observers) implements Step {
        @Override
        public String describe() {
            return "found the ensemble with " + voters + " voters and " + observers + " observers";
        }
    }

    /**
     * Let an instance start a server that has no data of its own (rule 10).
     *
     * @param membership that it begins with: the founding one; or the committed one, of which it is not a member and
     *     to which it adds itself as an observer
     */
    record PermitStart(int member, Instance instance, StartPermit how, Membership membership) implements Step {
        @Override
        public String describe() {
            return how == StartPermit.BOOTSTRAP
                    ? "admit member " + member + " as a founding member"
                    : "admit member " + member + " as a learner";
        }
    }

    /**
     * Change the committed membership by one member, or the way in which votes are counted (rule 8). Does nothing if the
     * committed membership is no longer {@code from}.
     *
     * @param leader where to send it: a leader answers whether it was committed
     */
    record Reconfigure(Change change, int member, Membership from, Membership to, HostPort leader) implements Step {
        @Override
        public String describe() {
            return switch (change) {
                case JOIN ->
                    "join member " + member + " as " + (to.voters().contains(member) ? "a voter" : "an observer");
                case REMOVE -> "remove member " + member + " from the membership";
                case PROMOTE -> "promote member " + member + " to voter";
                case DEMOTE -> "demote member " + member + " to observer";
                case CHANGE_WEIGHTS -> "change how votes are counted";
            };
        }
    }

    /** How a reconfiguration changes the membership. */
    enum Change {
        JOIN,
        REMOVE,
        PROMOTE,
        DEMOTE,
        /** Groups or weights; of no member. */
        CHANGE_WEIGHTS
    }

    /**
     * End the instances of places that are neither wanted nor members any more. Their volumes stay. Does nothing if the
     * platform no longer keeps those that were seen.
     *
     * @param places how many places remain, from member 1 on
     */
    record ScaleDown(Replicas seen, int places, List<Integer> members) implements Step {
        public ScaleDown {
            members = List.copyOf(members);
        }

        @Override
        public String describe() {
            return "retire " + (members.size() == 1 ? "member " : "members ")
                    + String.join(", ", members.stream().map(String::valueOf).toList());
        }
    }

    /** Let a volume grow. Stops no server. */
    record Expand(Volume volume, long bytes) implements Step {
        @Override
        public String describe() {
            return "expand " + volume.claim() + " to " + bytes + " bytes";
        }
    }

    /**
     * Make the set anew around its running instances, since what it says of volumes cannot be changed in place.
     *
     * @param places how many places it has at least, also if somebody deleted it meanwhile
     */
    record RecreateStatefulSet(int places, String reason) implements Step {
        @Override
        public String describe() {
            return "make the StatefulSet anew around its running pods";
        }
    }

    /** Have a server write a snapshot of its data, before an upgrade. */
    record Snapshot(int member, HostPort server, String version) implements Step {
        @Override
        public String describe() {
            return "take a snapshot of member " + member + " before the upgrade to " + version;
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
    record RunSanityTest(int writer, int reader, String fingerprint) implements Step {
        @Override
        public String describe() {
            return "verify: write through member " + writer + ", read back through member " + reader;
        }
    }
}
