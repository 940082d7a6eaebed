package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.plan.EffectiveState;
import dev.ensembled.reconciler.plan.Plan.OutdatedMember;
import dev.ensembled.reconciler.rollout.GateCheck.Closed;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What applies to a change of the ZooKeeper version: a minor version is not downgraded once every server runs the newer
 * one, a snapshot is taken before the first restart, and the first member must have served for the soak period before
 * the others follow.
 */
final class Upgrade {
    private static final Pattern MINOR = Pattern.compile("^(\\d{1,3})\\.(\\d{1,3})");
    private static final String FIRST_WITH_SNAPSHOTS = "3.9";

    private Upgrade() {}

    /**
     * Why the wanted version is refused. While some server has never run the newer version, a revert brings the
     * ensemble back; after that, the older version may be unable to read what the newer one has written.
     */
    static Optional<String> refusal(Situation situation) {
        String wanted = situation.desired().spec().version();
        List<String> running =
                situation.serving().stream().map(Server.Serving::version).toList();
        boolean isDowngrade =
                !running.isEmpty() && running.stream().allMatch(version -> minor(version) > minor(wanted));
        return isDowngrade && !situation.desired().spec().allow().downgrade()
                ? Optional.of("every server runs " + running.get(0) + ", and the spec asks for " + wanted
                        + ". ZooKeeper does not promise that an older minor version reads what a newer one wrote: set"
                        + " spec.version back, or spec.allow.downgrade to true after a backup")
                : Optional.empty();
    }

    /** Before the first member of an upgrade is restarted, one member writes its data to its disk. */
    static Optional<Decision> snapshot(Situation situation) {
        String wanted = situation.desired().spec().version();
        boolean hasAdminServer =
                "true".equals(situation.desired().spec().config().get("admin.enableServer"));
        boolean taken = wanted.equals(situation.observed().status().memory().snapshotFor());
        boolean alreadyStarted = upgraded(situation, wanted).findAny().isPresent();
        if (!hasAdminServer
                || taken
                || alreadyStarted
                || situation.plan().restarts().isEmpty()) {
            return Optional.empty();
        }
        return situation.plan().restarts().stream()
                .map(OutdatedMember::member)
                .filter(member -> member.server()
                        .serving()
                        .filter(serving -> minor(serving.version()) >= minor(FIRST_WITH_SNAPSHOTS))
                        .isPresent())
                .filter(member -> member.clientAddress().isPresent())
                .findFirst()
                .map(member -> new Decision.Act(
                        new Step.Snapshot(member.id(), address(member), wanted),
                        "the ensemble is about to be upgraded to " + wanted));
    }

    private static HostPort address(Member member) {
        return member.clientAddress().orElseThrow();
    }

    /** The first member of another version has to serve for the soak period before the second one follows. */
    static Optional<Closed> soaked(Situation situation, Member candidate) {
        String wanted = situation.desired().spec().version();
        return candidate
                .server()
                .serving()
                .filter(serving -> !runs(serving, wanted))
                .flatMap(changing ->
                        upgraded(situation, wanted).min(Comparator.comparing(member -> readySince(situation, member))))
                .flatMap(longest -> soaking(situation, longest));
    }

    /** Members that run the wanted version; not learners, which may be created at it before any member is upgraded. */
    private static Stream<Member> upgraded(Situation situation, String wanted) {
        return situation.counted().stream()
                .filter(member -> situation.members().has(member.id()))
                .filter(member -> member.server()
                        .serving()
                        .filter(serving -> runs(serving, wanted))
                        .isPresent());
    }

    private static Optional<Closed> soaking(Situation situation, Member upgraded) {
        Instant soaked = readySince(situation, upgraded)
                .plus(situation.desired().spec().rollout().soak());
        return situation.now().isBefore(soaked)
                ? Closed.until(
                        soaked,
                        "member " + upgraded.id() + " is the first to run "
                                + situation.desired().spec().version() + "; its soak period ends at "
                                + soaked)
                : Optional.empty();
    }

    private static Instant readySince(Situation situation, Member member) {
        return member.instance().map(Instance::since).orElse(situation.now());
    }

    private static boolean runs(Server.Serving serving, String version) {
        return EffectiveState.numbers(version)
                .filter(numbers -> numbers.equals(serving.version()))
                .isPresent();
    }

    private static int minor(String version) {
        Matcher minor = MINOR.matcher(version);
        return minor.find() ? Integer.parseInt(minor.group(1)) * 1000 + Integer.parseInt(minor.group(2)) : 0;
    }
}
