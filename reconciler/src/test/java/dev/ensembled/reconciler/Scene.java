package dev.ensembled.reconciler;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Observed.Replicas;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.rollout.MutatedRollout;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One observation of an ensemble, described by its differences from a default: an ensemble of one revision whose members
 * are all healthy, whose sanity test passed long ago, and which has settled. Member 1 leads unless stated otherwise.
 */
public final class Scene {
    public static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    public static final Instant LONG_AGO = NOW.minus(Duration.ofHours(1));
    public static final Duration SETTLE = Duration.ofSeconds(5);
    public static final Duration PROGRESS_DEADLINE = Duration.ofMinutes(5);
    private static final String OLD = "old";
    private static final String REKEYED = "rekeyed";

    private final int voters;
    private final int observers;
    private final SortedMap<Integer, MemberSketch> members = new TreeMap<>();
    private final List<ObjectState> objects = new ArrayList<>();
    private final List<Budget> budgets = new ArrayList<>();
    private final List<MemberStatus> remembered = new ArrayList<>();
    private Optional<Revision> target = Optional.of(revision(OLD));
    private final SpecSketch spec;
    private EnsembleStatus status = EnsembleStatus.empty();
    private boolean proven = true;
    private Optional<Integer> inSync = Optional.empty();
    private Optional<Integer> observersInSync = Optional.empty();
    private final List<Volume> volumes = new ArrayList<>();
    private Requests requests = Requests.NONE;
    private Optional<Membership> committed = Optional.empty();
    private boolean born = true;
    private int places;

    private Scene(int voters, int observers) {
        this.voters = voters;
        this.observers = observers;
        this.spec = SpecSketch.of(voters).observers(observers);
        for (int id = 1; id <= voters + observers; id++) {
            Role role = id > voters ? Role.OBSERVER : id == 1 ? Role.LEADER : Role.FOLLOWER;
            members.put(id, new MemberSketch(id).revision(OLD).serving(role));
        }
    }

    public static Scene of(int voters) {
        return new Scene(voters, 0);
    }

    public static Scene of(int voters, int observers) {
        return new Scene(voters, observers);
    }

    public static Revision revision(String id) {
        return id.equals(REKEYED)
                ? new Revision(id, Map.of("config", "config-of-old", "image", "image", "credentials", "others"))
                : new Revision(id, Map.of("config", "config-of-" + id, "image", "image"));
    }

    /** The wanted revision; the instances are of revision {@code old}. */
    public Scene wanting(String revision) {
        target = Optional.of(revision(revision));
        return this;
    }

    /** A restarted member gets other credentials of the super user, and no other change; its revision is {@code rekeyed}. */
    public Scene wantingOtherCredentials() {
        return wanting(REKEYED);
    }

    public Scene withoutTarget() {
        target = Optional.empty();
        return this;
    }

    public Scene ledBy(int leader) {
        members.values().stream()
                .filter(member -> member.id() <= voters)
                .forEach(member -> member.serving(member.id() == leader ? Role.LEADER : Role.FOLLOWER));
        return this;
    }

    public Scene ledByNobody() {
        members.values().stream().filter(member -> member.id() <= voters).forEach(MemberSketch::looking);
        return this;
    }

    /** The member to describe. */
    public MemberSketch member(int id) {
        return members.get(id).in(this);
    }

    /** The leader counts fewer followers than report that they follow it. */
    public Scene leaderSeesFollowersInSync(int followers) {
        inSync = Optional.of(followers);
        return this;
    }

    /** The leader counts this many observers. */
    public Scene leaderSeesObserversInSync(int observing) {
        observersInSync = Optional.of(observing);
        return this;
    }

    public Scene object(String kind, ObjectState.State state, String... fields) {
        objects.add(new ObjectState(kind, "kafka", state, List.of(fields), ""));
        return this;
    }

    public Scene budget(String name, int allowed, Integer... members) {
        budgets.add(new Budget(name, Set.of(members), allowed, true));
        return this;
    }

    public Scene budgetBehind(String name, Integer... members) {
        budgets.add(new Budget(name, Set.of(members), 1, false));
        return this;
    }

    public Scene paused() {
        spec.paused(true);
        return this;
    }

    /** The spec asks for other servers than the committed membership has. */
    public Scene specAsksFor(int otherVoters, int otherObservers) {
        spec.voters(otherVoters).observers(otherObservers);
        return this;
    }

    /** Changes the spec. */
    public Scene spec(Consumer<SpecSketch> change) {
        change.accept(spec);
        return this;
    }

    /** One more replica, whose member the committed membership does not have. */
    public MemberSketch place(int id) {
        return members.computeIfAbsent(
                        id, missing -> new MemberSketch(id).revision(OLD).starting())
                .in(this);
    }

    /** No server has ever served, and nothing of the ensemble exists except what is described. */
    public Scene unborn() {
        born = false;
        proven = false;
        members.values().forEach(MemberSketch::withoutInstance);
        return this;
    }

    /** The number of replicas that have an instance, or will get one. */
    public Scene places(int kept) {
        places = kept;
        return this;
    }

    public Scene volume(Volume volume) {
        volumes.add(volume);
        return this;
    }

    public Scene requests(Requests asked) {
        requests = asked;
        return this;
    }

    public Scene memory(Memory remembers) {
        status = status.withMemory(remembers);
        return this;
    }

    /** The committed membership, instead of the members that the scene began with. */
    public Scene committed(Membership membership) {
        committed = Optional.of(membership);
        return this;
    }

    public Scene neverTested() {
        proven = false;
        return this;
    }

    public Scene remembering(int member, long zxid) {
        remembered.add(MemberStatusSketch.of(member).zxid(zxid).build());
        return this;
    }

    /** The status before this observation, instead of the default, in which only the sanity test has passed. */
    public Scene reported(EnsembleStatus before) {
        status = before;
        proven = false;
        return this;
    }

    public Desired desired() {
        return Desired.of(ID, spec.build(), 7, requests);
    }

    public Observed observed() {
        Membership reports = committed.orElseGet(
                () -> Membership.ofMajority(0x100000000L, ids(1, voters), ids(voters + 1, voters + observers)));
        long followers = members.values().stream()
                .filter(sketch -> reports.voters().contains(sketch.id()) && says(sketch, Role.FOLLOWER))
                .count();
        long watching = members.values().stream()
                .filter(sketch -> says(sketch, Role.OBSERVER))
                .count();
        long strangers = members.values().stream()
                .filter(sketch -> !reports.voters().contains(sketch.id()) && says(sketch, Role.FOLLOWER))
                .count();
        List<Member> seen = members.values().stream()
                .map(sketch -> sketch.member(
                        reports,
                        inSync.orElse(Math.toIntExact(followers)),
                        observersInSync.orElse(Math.toIntExact(watching)),
                        (int) strangers))
                .toList();
        Observed unproven = new Observed(
                objects,
                target,
                seen,
                budgets,
                new Replicas(places, "1"),
                born,
                volumes,
                status.withMembers(remembered()));
        return proven ? MutatedRollout.sanityTested(desired(), unproven, NOW) : unproven;
    }

    private static boolean says(MemberSketch sketch, Role role) {
        return sketch.server() instanceof Server.Serving serving && serving.role() == role;
    }

    /** By default, a member that does not serve was reported in this state for as long as it was not ready. */
    private List<MemberStatus> remembered() {
        List<MemberStatus> reports = new ArrayList<>(remembered.isEmpty() ? status.members() : remembered);
        members.values().stream()
                .filter(sketch -> reports.stream().noneMatch(status -> status.id() == sketch.id()))
                .forEach(sketch -> sketch.reported().ifPresent(reports::add));
        return reports;
    }

    private static Set<Integer> ids(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().collect(Collectors.toSet());
    }
}
