package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectVersion;
import dev.ensembled.reconciler.observed.Observed.Replicas;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.plan.RestartReason;
import java.util.List;
import java.util.Optional;

/**
 * One action of the daemon. The set is closed: a {@link Visitor} handles each of them, and the compiler checks that it
 * does. Rules are those of docs/invariants.md.
 */
public sealed interface Step {

    /**
     * Whether the step may stop a running server. A disruptive step is decided again on a fresh observation before it
     * is taken.
     */
    default boolean disruptive() {
        return true;
    }

    /** Calls the method of the visitor for this kind of step. */
    <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X;

    /**
     * The reason of the conditions Ready and Reconciling while the step is taken: one word in CamelCase, for machines.
     */
    String reason();

    /**
     * What is done for each kind of step. A new kind of step does not compile until every visitor handles it.
     *
     * @param <X> what the methods may throw; {@link RuntimeException} if they throw nothing else
     */
    interface Visitor<T, X extends Exception> {
        T visit(Apply step) throws X;

        T visit(Bootstrap step) throws X;

        T visit(PermitStart step) throws X;

        T visit(Reconfigure step) throws X;

        T visit(ScaleDown step) throws X;

        T visit(Expand step) throws X;

        T visit(RecreateStatefulSet step) throws X;

        T visit(Snapshot step) throws X;

        T visit(Restart step) throws X;

        T visit(Replace step) throws X;

        T visit(RunSanityTest step) throws X;
    }

    /** Describes for people what is done, and to what. */
    String describe();

    /** The id of the member that the step is about; empty if it is about several members or none. */
    default Optional<Integer> affectedMember() {
        return Optional.empty();
    }

    /** The objects that the step applies; empty if it applies none. */
    default List<ObjectState> objects() {
        return List.of();
    }

    /** Why the step restarts a member; empty if it restarts none. */
    default List<RestartReason> reasons() {
        return List.of();
    }

    /** Whether the step ends the instance of that member, which comes back afterwards. */
    default boolean restartsMember() {
        return false;
    }

    /** This step if it is a sanity test. */
    default Optional<RunSanityTest> sanityTest() {
        return Optional.empty();
    }

    /**
     * Apply these objects. Stops no server.
     *
     * @param replicas the minimum number of replicas, from member 1 on; replicas that exist are kept
     */
    record Apply(List<ObjectState> objects, int replicas) implements Step {
        public Apply {
            objects = List.copyOf(objects);
        }

        @Override
        public boolean disruptive() {
            return false;
        }

        @Override
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public String reason() {
            return "ApplyingObjects";
        }

        @Override
        public String describe() {
            return "apply "
                    + String.join(", ", objects.stream().map(ObjectState::label).toList());
        }
    }

    /**
     * Record that the ensemble is about to be bootstrapped, before anything of it exists: only with this record may a
     * server begin with an empty database (rule 10). Changes nothing but the status.
     */
    record Bootstrap(int voters, int observers) implements Step {
        @Override
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public String reason() {
            return "Bootstrapping";
        }

        @Override
        public String describe() {
            return "bootstrap the ensemble (voters: " + voters + ", observers: " + observers + ")";
        }
    }

    /**
     * Permit an instance to start a server that has no data of its own (rule 10).
     *
     * @param membership with which the server starts: the bootstrap membership; or the committed one, of which it is
     *     not a member and to which it adds itself as an observer
     */
    record PermitStart(int member, Instance instance, StartPermit permit, Membership membership) implements Step {
        @Override
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public Optional<Integer> affectedMember() {
            return Optional.of(member);
        }

        @Override
        public String reason() {
            return "PermittingStart";
        }

        @Override
        public String describe() {
            return permit == StartPermit.BOOTSTRAP
                    ? "permit member " + member + " to start as a bootstrap member"
                    : "permit member " + member + " to start as a learner";
        }
    }

    /**
     * Change the committed membership by one member, or the way in which votes are counted (rule 8). Does nothing if
     * the committed membership is no longer {@code from}.
     *
     * @param leader the server that gets the request: a leader answers whether the change was committed
     */
    record Reconfigure(Change change, int member, Membership from, Membership to, HostPort leader) implements Step {
        @Override
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public Optional<Integer> affectedMember() {
            return change == Change.CHANGE_WEIGHTS ? Optional.empty() : Optional.of(member);
        }

        @Override
        public String reason() {
            return "ReconfiguringMembership";
        }

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
        /** Changes groups or weights, and no member. */
        CHANGE_WEIGHTS
    }

    /**
     * End the instances of replicas that are neither wanted nor members any more. Their volumes stay. Does nothing if
     * the number of replicas is no longer the observed one.
     *
     * @param replicas how many replicas remain, from member 1 on
     */
    record ScaleDown(Replicas observed, int replicas, List<Integer> members) implements Step {
        public ScaleDown {
            members = List.copyOf(members);
        }

        @Override
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public Optional<Integer> affectedMember() {
            return members.size() == 1 ? Optional.of(members.get(0)) : Optional.empty();
        }

        @Override
        public String reason() {
            return "ScalingDown";
        }

        @Override
        public String describe() {
            return "scale down " + (members.size() == 1 ? "member " : "members ")
                    + String.join(", ", members.stream().map(String::valueOf).toList());
        }
    }

    /** Expand a volume. Stops no server. */
    record Expand(Volume volume, long bytes) implements Step {
        @Override
        public boolean disruptive() {
            return false;
        }

        @Override
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public Optional<Integer> affectedMember() {
            return Optional.of(volume.member());
        }

        @Override
        public String reason() {
            return "ExpandingVolume";
        }

        @Override
        public String describe() {
            return "expand " + volume.claim() + " to " + bytes + " bytes";
        }
    }

    /**
     * Delete and create the StatefulSet around its running pods, since its volumeClaimTemplates are immutable.
     *
     * @param replicas the minimum number of its replicas, also if the StatefulSet was deleted meanwhile
     * @param observed the version in which the StatefulSet was observed
     */
    record RecreateStatefulSet(int replicas, String reason, ObjectVersion observed) implements Step {
        @Override
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public String reason() {
            return "RecreatingStatefulSet";
        }

        @Override
        public String describe() {
            return "recreate the StatefulSet around its running pods";
        }
    }

    /** Make a server write a snapshot of its data, before an upgrade. */
    record Snapshot(int member, HostPort server, String version) implements Step {
        @Override
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public Optional<Integer> affectedMember() {
            return Optional.of(member);
        }

        @Override
        public String reason() {
            return "TakingSnapshot";
        }

        @Override
        public String describe() {
            return "take a snapshot of member " + member + " before the upgrade to " + version;
        }
    }

    /** Evict a member that may be serving, through the Eviction API; it comes back at the wanted revision. */
    record Restart(int member, Instance instance, boolean leader, List<RestartReason> reasons) implements Step {
        /** The {@link #reason} of every restart. */
        public static final String KIND = "RestartingMember";

        public Restart {
            reasons = List.copyOf(reasons);
        }

        @Override
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public Optional<Integer> affectedMember() {
            return Optional.of(member);
        }

        @Override
        public boolean restartsMember() {
            return true;
        }

        @Override
        public String reason() {
            return KIND;
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
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public Optional<Integer> affectedMember() {
            return Optional.of(member);
        }

        @Override
        public boolean restartsMember() {
            return true;
        }

        @Override
        public String reason() {
            return "ReplacingMember";
        }

        @Override
        public String describe() {
            return "replace member " + member + ", which is not serving";
        }
    }

    /**
     * The sanity test: write through one server, sync and read the value back through another.
     *
     * @param fingerprint identifies the instances and the configuration for which a success holds
     */
    record RunSanityTest(int writer, int reader, String fingerprint) implements Step {
        @Override
        public boolean disruptive() {
            return false;
        }

        @Override
        public <T, X extends Exception> T accept(Visitor<T, X> visitor) throws X {
            return visitor.visit(this);
        }

        @Override
        public Optional<RunSanityTest> sanityTest() {
            return Optional.of(this);
        }

        @Override
        public String reason() {
            return "RunningSanityTest";
        }

        @Override
        public String describe() {
            return "sanity test: write through member " + writer + ", read back through member " + reader;
        }
    }
}
