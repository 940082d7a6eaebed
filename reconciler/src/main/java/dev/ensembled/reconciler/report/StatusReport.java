package dev.ensembled.reconciler.report;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.plan.EffectiveState;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Evidence;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Situation;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.VolumeSizes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Derives the status of an ensemble from one observation and one decision. The times of unchanged facts are kept from
 * the previous status, so that a status without news equals the previous one.
 */
public final class StatusReport {
    private final EnsembleStatus before;
    private final Desired desired;
    private final Observed observed;
    private final Decision decision;
    private final Situation situation;
    private final String now;

    private StatusReport(EnsembleStatus before, Desired desired, Observed observed, Decision decision, Instant now) {
        this.before = before;
        this.desired = desired;
        this.observed = observed;
        this.decision = decision;
        this.situation = Situation.of(desired, observed, now);
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * Returns the status to report.
     *
     * @param before the status that was reported last
     * @param desired what the decision is about
     * @param source the source from which the spec was accepted; empty if it is not from the Git source of ensembled
     */
    public static EnsembleStatus of(
            EnsembleStatus before,
            Desired desired,
            Observed observed,
            Decision decision,
            Optional<SourceStatus> source,
            Instant now) {
        return new StatusReport(before, desired, observed, decision, now)
                .status(desired.generation(), source.orElse(null));
    }

    private EnsembleStatus status(long generation, SourceStatus source) {
        Optional<Membership> newest =
                Membership.newest(observed.members().stream().map(Member::server));
        return new EnsembleStatus(
                generation,
                new Conditions(before.conditions(), generation, now)
                        .of(observed, decision, Optional.ofNullable(source)),
                observed.leader().map(Member::id).orElse(null),
                newest.map(membership -> Long.toHexString(membership.version())).orElse(before.configVersion()),
                newest.map(membership -> membership.voters().stream().sorted().toList())
                        .orElse(before.voters()),
                newest.map(membership ->
                                membership.observers().stream().sorted().toList())
                        .orElse(before.observers()),
                bootstrapped(),
                observed.members().stream().map(this::member).toList(),
                rollout(),
                before.sanityTested(),
                memory(),
                before.driftRepairs(),
                volumes(),
                source);
    }

    /** Only volumes of servers that exist: the file system of a claim that is left over does not grow. */
    private VolumeSizes volumes() {
        Optional<String> data = smallest(false);
        VolumeSizes reported = before.volumes();
        return data.isEmpty()
                ? reported
                : new VolumeSizes(data.get(), smallest(true).orElse(null));
    }

    private Optional<String> smallest(boolean ofLog) {
        Set<Integer> instances = observed.instances();
        return observed.volumes().stream()
                .filter(volume -> volume.isOfLog() == ofLog && volume.capacityBytes() > 0)
                .filter(volume -> instances.contains(volume.member()))
                .map(Volume::capacityBytes)
                .min(Comparator.naturalOrder())
                .map(StatusReport::quantity);
    }

    private static String quantity(long bytes) {
        long amount = bytes;
        String unit = "";
        for (String larger : List.of("Ki", "Mi", "Gi", "Ti")) {
            if (amount % 1024 != 0) {
                break;
            }
            amount /= 1024;
            unit = larger;
        }
        return amount + unit;
    }

    /** Never reset: from the first moment at which a server serves, clients may have written. */
    private Boolean bootstrapped() {
        boolean serves = observed.members().stream().anyMatch(Member::serves);
        return (serves || before.wasBootstrapped()) ? Boolean.TRUE : before.bootstrapped();
    }

    /**
     * When the rollout is done, a request to reconcile now is handled, and the sanity test has passed at this revision.
     */
    private Memory memory() {
        if (!decision.isDone()) {
            return before.memory();
        }
        Memory done = desired.requests()
                .reconcileNow()
                .map(request -> before.memory().handled(request))
                .orElse(before.memory());
        return observed.target().map(target -> done.sanityTestedAt(target.id())).orElse(done);
    }

    private MemberStatus member(Member member) {
        Optional<MemberStatus> last = before.members().stream()
                .filter(status -> status.id() == member.id())
                .findFirst();
        String role = role(member);
        String revision = member.instance().map(Instance::revision).orElse(null);
        boolean ready = member.instance().map(Instance::ready).orElse(false);
        boolean same = last.filter(status -> role.equals(status.role())
                        && Objects.equals(revision, status.revision())
                        && Objects.equals(ready, status.ready()))
                .isPresent();
        return new MemberStatus(
                member.id(),
                member.instance().map(Instance::name).orElse(null),
                role,
                zxid(member, last.map(MemberStatus::zxidOrZero).orElse(0L)),
                revision,
                ready,
                same ? last.orElseThrow().since() : now,
                drift(member, last),
                driftOf(member, last));
    }

    /** While a server restarts because of drift it reports none, and the drift must be known afterwards. */
    private String drift(Member member, Optional<MemberStatus> last) {
        return member.serves()
                ? drift(member).orElse(null)
                : last.map(MemberStatus::drift).orElse(null);
    }

    /** The instance in which this drift was seen first: if another one has the same drift, a restart did not help. */
    private String driftOf(Member member, Optional<MemberStatus> last) {
        String drift = drift(member, last);
        Optional<String> first = last.filter(
                        status -> status.drift() != null && status.drift().equals(drift))
                .map(MemberStatus::driftOf);
        return drift == null
                ? null
                : first.or(() -> member.instance().map(Instance::uid)).orElse(null);
    }

    private Optional<String> drift(Member member) {
        return observed.target()
                .flatMap(target -> member.instance().filter(i -> i.revision().equals(target.id())))
                .flatMap(instance -> EffectiveState.drift(desired, member));
    }

    /**
     * A member that reports that it does not serve, and is contradicted by others, is reported as unknown: this is how
     * the contradiction is remembered.
     */
    private String role(Member member) {
        return member.instance()
                .filter(instance -> !member.serves() && instance.phase() != Instance.Phase.RUNNING)
                .map(instance -> instance.phase().name().toLowerCase(java.util.Locale.ROOT))
                .orElseGet(() -> Evidence.contradiction(situation, member).isPresent()
                        ? new Server.Unknown("").describe()
                        : member.server().describe());
    }

    /** The current zxid of a member, but never less than the highest one that was reported. */
    private static String zxid(Member member, long recorded) {
        long current = member.server().serving().map(Server.Serving::zxid).orElse(0L);
        long highest = Long.compareUnsigned(current, recorded) > 0 ? current : recorded;
        return highest == 0 ? null : "0x" + Long.toHexString(highest);
    }

    private RolloutStatus rollout() {
        int outdated = situation.plan().restarts().size();
        return decision.accept(new Decision.Visitor<>() {
            @Override
            public RolloutStatus visit(Decision.Act act) {
                return rollout(act.step().describe(), null, act.reason(), outdated);
            }

            @Override
            public RolloutStatus visit(Decision.Wait wait) {
                return rollout(null, wait.gate().toString(), wait.reason(), outdated);
            }

            @Override
            public RolloutStatus visit(Decision.Stalled stalled) {
                return rollout(null, stalled.gate().toString(), stalled.reason(), outdated);
            }

            @Override
            public RolloutStatus visit(Decision.Done done) {
                return rollout(null, null, null, outdated);
            }

            @Override
            public RolloutStatus visit(Decision.Refused refused) {
                return rollout(null, Gate.REFUSED.toString(), refused.reason(), outdated);
            }
        });
    }

    private RolloutStatus rollout(String step, String gate, String reason, int outdated) {
        RolloutStatus last = before.rollout();
        boolean same = last != null && Objects.equals(step, last.step()) && Objects.equals(gate, last.gate());
        return new RolloutStatus(step, gate, reason, same ? last.since() : now, outdated);
    }

    /** Whether two statuses differ in nothing but zxids, which change with every write of a client. */
    public static boolean sameButForZxids(EnsembleStatus a, EnsembleStatus b) {
        return withoutZxids(a).equals(withoutZxids(b));
    }

    private static EnsembleStatus withoutZxids(EnsembleStatus status) {
        List<MemberStatus> members = status.members().stream()
                .map(m -> new MemberStatus(
                        m.id(), m.name(), m.role(), null, m.revision(), m.ready(), m.since(), m.drift(), m.driftOf()))
                .toList();
        return status.withMembers(members);
    }
}
