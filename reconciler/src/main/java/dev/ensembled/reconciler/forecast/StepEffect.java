package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Observed.Replicas;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.rollout.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * The observation after a step has taken full effect: objects are applied, a new instance is ready, its server serves, and
 * the servers have elected a leader if they had to.
 *
 * @param wanted the revision that instances get after the objects of the spec are applied
 * @param now the time of the effect
 */
record StepEffect(Observed observed, Desired desired, Revision wanted, Instant now)
        implements Step.Visitor<Observed, RuntimeException> {

    /** Any port: nothing connects to a server of a forecast. */
    private static final int CLIENT_PORT = 2181;

    @Override
    public Observed visit(Step.Apply step) {
        int replicas = Math.max(step.replicas(), observed.replicas().count());
        List<Member> members = new ArrayList<>(observed.members());
        for (int id = 1; id <= replicas; id++) {
            createInstance(members, id);
        }
        Observed applied = observed.withObjects(applied(step.objects()))
                .withTarget(Optional.of(target()))
                .withReplicas(new Replicas(replicas, observed.replicas().version()));
        return applied.withMembers(members);
    }

    /** The platform has one revision for equal templates: a revert leads back to the former one. */
    private Revision target() {
        return observed.members().stream()
                .flatMap(member -> member.instance().stream())
                .filter(instance -> instance.aspects().equals(wanted.aspects()))
                .map(instance -> new Revision(instance.revision(), instance.aspects()))
                .findFirst()
                .or(() -> observed.target().filter(target -> target.aspects().equals(wanted.aspects())))
                .orElse(wanted);
    }

    private List<ObjectState> applied(List<ObjectState> objects) {
        boolean claimsGrow = observed.volumes().stream().anyMatch(volume -> volume.requestedBytes() < bytes(volume));
        return observed.objects().stream()
                .filter(object -> object.state() != State.SURPLUS)
                .map(object -> objects.contains(object)
                        ? inState(object, claimsGrow && isStatefulSet(object) ? State.LAGGING : State.CURRENT)
                        : object)
                .toList();
    }

    private static boolean isStatefulSet(ObjectState object) {
        return object.kind().equals("StatefulSet");
    }

    private static ObjectState inState(ObjectState object, State state) {
        return new ObjectState(object.kind(), object.name(), state, List.of(), "");
    }

    private long bytes(Volume volume) {
        return desired.spec().storage().bytes(volume.isOfLog());
    }

    private void createInstance(List<Member> members, int id) {
        Optional<Member> existing =
                members.stream().filter(member -> member.id() == id).findFirst();
        if (existing.flatMap(Member::instance).isPresent()) {
            return;
        }
        Member created = new Member(
                id,
                Optional.of(newInstance(id, target()).build()),
                new Server.Down("no instance yet"),
                existing.flatMap(Member::clientAddress)
                        .or(() -> Optional.of(new HostPort("member-" + id, CLIENT_PORT))));
        members.removeIf(member -> member.id() == id);
        members.add(created);
    }

    private Instance.Builder newInstance(int id, Revision revision) {
        return Instance.builder("member-" + id, UUID.randomUUID().toString(), now)
                .version("1")
                .phase(Instance.Phase.PENDING)
                .revision(revision.id(), revision.aspects());
    }

    /** Only the status records a bootstrap. */
    @Override
    public Observed visit(Step.Bootstrap step) {
        return observed;
    }

    @Override
    public Observed visit(Step.PermitStart step) {
        Observed permitted = observed.withMembers(replaced(
                step.member(),
                member -> new Member(
                        member.id(),
                        member.instance().map(instance -> instance.toBuilder()
                                .phase(Instance.Phase.RUNNING)
                                .ready(step.permit() == StartPermit.JOIN, now)
                                .permit(Optional.of(step.permit()))
                                .build()),
                        member.server(),
                        member.clientAddress())));
        Servers servers = new Servers(desired, now);
        if (step.permit() == StartPermit.JOIN) {
            return permitted.withMembers(
                    servers.start(permitted.members(), step.member(), step.membership(), observed.members()));
        }
        boolean allPermitted = step.membership().ids().stream().allMatch(id -> permitted.members().stream()
                .anyMatch(member -> member.id() == id
                        && member.instance().flatMap(Instance::permit).isPresent()));
        return allPermitted
                ? permitted.withMembers(servers.bootstrap(permitted.members(), step.membership()))
                : permitted;
    }

    @Override
    public Observed visit(Step.Reconfigure step) {
        Membership to = step.to();
        Membership committed =
                new Membership(step.from().version() + 1, to.voters(), to.observers(), to.groups(), to.weights());
        return observed.withMembers(new Servers(desired, now).elected(observed.members(), committed));
    }

    @Override
    public Observed visit(Step.ScaleDown step) {
        List<Member> remaining = observed.members().stream()
                .filter(member -> member.id() <= step.replicas())
                .toList();
        Observed scaled = observed.withReplicas(
                new Replicas(step.replicas(), observed.replicas().version()));
        return scaled.withMembers(new Servers(desired, now).elected(remaining, committed()));
    }

    @Override
    public Observed visit(Step.Expand step) {
        return observed.withVolumes(observed.volumes().stream()
                .map(volume -> volume.claim().equals(step.volume().claim())
                        ? Volume.of(volume.claim(), volume.template(), volume.member(), step.bytes(), step.bytes())
                        : volume)
                .toList());
    }

    @Override
    public Observed visit(Step.RecreateStatefulSet step) {
        return observed.withObjects(observed.objects().stream()
                .map(object -> object.state() == State.LAGGING ? inState(object, State.CURRENT) : object)
                .toList());
    }

    @Override
    public Observed visit(Step.Snapshot step) {
        return observed;
    }

    @Override
    public Observed visit(Step.Restart step) {
        return restarted(step.member());
    }

    @Override
    public Observed visit(Step.Replace step) {
        return restarted(step.member());
    }

    /** The sanity test changes no server. */
    @Override
    public Observed visit(Step.RunSanityTest step) {
        return observed;
    }

    /** Returns the observation when this member serves again, in a new instance. */
    Observed restarted(int id) {
        Revision revision = observed.target().orElse(wanted);
        List<Member> members = replaced(
                id,
                member -> new Member(
                        id,
                        Optional.of(newInstance(id, revision)
                                .phase(Instance.Phase.RUNNING)
                                .ready(true, now)
                                .build()),
                        new Server.Down("restarts"),
                        member.clientAddress()));
        Servers servers = new Servers(desired, now);
        List<Member> others = servers.elected(members, committed());
        Observed running = observed.withMembers(servers.start(others, id, committed(), observed.members()));
        return running.withVolumes(running.volumes().stream()
                .map(volume -> volume.member() == id
                                && volume.needsRestartSince().isPresent()
                        ? Volume.of(
                                volume.claim(), volume.template(), id, volume.requestedBytes(), volume.requestedBytes())
                        : volume)
                .toList());
    }

    private Membership committed() {
        return Membership.newest(observed.members().stream().map(Member::server))
                .orElseGet(desired::membership);
    }

    private List<Member> replaced(int id, UnaryOperator<Member> change) {
        return observed.members().stream()
                .map(member -> member.id() == id ? change.apply(member) : member)
                .toList();
    }
}
