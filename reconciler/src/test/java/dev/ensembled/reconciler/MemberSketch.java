package dev.ensembled.reconciler;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.observed.Server.Serving;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The description of one member of a {@link Scene}. */
public final class MemberSketch {
    private final int id;
    private Scene scene;
    private boolean exists = true;
    private String uid;
    private String revision = "";
    private Phase phase = Phase.RUNNING;
    private Problem problem = Problem.NONE;
    private String reason = "";
    private boolean ready = true;
    private Instant since = Scene.LONG_AGO;
    private Server server = new Server.Down("not told");
    private long zxid = 0x100;
    private Optional<Long> configVersion = Optional.empty();
    private Disk disk = Disk.FINE;
    private Optional<StartPermit> permit = Optional.empty();
    private Optional<Long> moved = Optional.empty();
    private String message = "";
    private String version = "3.9.5";
    private Map<String, String> settings = Map.of();
    private int fetching;
    private long dataBytes;
    private Optional<Set<Integer>> voters = Optional.empty();
    private boolean reachable = true;
    private Optional<Instant> inDoubt = Optional.empty();

    MemberSketch(int id) {
        this.id = id;
        this.uid = "uid-" + id;
    }

    MemberSketch in(Scene owner) {
        scene = owner;
        return this;
    }

    /** Continues with another member. */
    public MemberSketch member(int other) {
        return scene.member(other);
    }

    public Scene scene() {
        return scene;
    }

    int id() {
        return id;
    }

    Server server() {
        return server;
    }

    public MemberSketch revision(String made) {
        revision = made;
        return this;
    }

    public MemberSketch uid(String other) {
        uid = other;
        return this;
    }

    public MemberSketch serving(Role role) {
        ready = true;
        server = new Serving(
                role, 0, Membership.ofMajority(0, Set.of(), Set.of()), 0, 0, 0, 0, Scene.LONG_AGO, "3.9.5", Map.of());
        return this;
    }

    public MemberSketch zxid(long has) {
        zxid = has;
        return this;
    }

    public MemberSketch configVersion(long version) {
        configVersion = Optional.of(version);
        return this;
    }

    public MemberSketch goesByVoters(Integer... ids) {
        voters = Optional.of(Set.of(ids));
        return this;
    }

    /** Its start script refuses its disk, so that its container crashes again and again. */
    public MemberSketch refusing(Disk what) {
        crashed(Problem.BACK_OFF, "CrashLoopBackOff");
        disk = what;
        return this;
    }

    public MemberSketch admitted(StartPermit how) {
        permit = Optional.of(how);
        return this;
    }

    /** Its server does not serve, and has moved this many bytes so far. */
    public MemberSketch moving(long bytes) {
        moved = Optional.of(bytes);
        return this;
    }

    public MemberSketch saying(String words) {
        message = words;
        return this;
    }

    public MemberSketch version(String runs) {
        version = runs;
        return this;
    }

    public MemberSketch setting(String key, String value) {
        settings = Map.of(key, value);
        return this;
    }

    /** As the leader, it sends data to this many more learners than report that they serve, and its data has this size. */
    public MemberSketch feeding(int learners, long bytes) {
        fetching = learners;
        dataBytes = bytes;
        return this;
    }

    /** Its process runs, and the server in it observations for a leader or synchronizes. */
    public MemberSketch looking() {
        return notServing("looking");
    }

    public MemberSketch notServing(String detail) {
        server = new Server.NotServing(detail);
        ready = false;
        return this;
    }

    /** Its process runs, and does not listen yet. */
    public MemberSketch starting() {
        server = new Server.Down("nothing listens");
        ready = false;
        return this;
    }

    /** Its process was never started. */
    public MemberSketch pending(Problem what, String why) {
        return gone(Phase.PENDING, what, why);
    }

    public MemberSketch crashed(Problem what, String why) {
        return gone(Phase.CRASHED, what, why);
    }

    /** Its process ended because of an error that no decision distinguishes. */
    public MemberSketch crashed() {
        return crashed(Problem.NONE, "Error");
    }

    /** Its process has ended for that reason, and runs again. */
    public MemberSketch runningAgain() {
        phase = Phase.RUNNING;
        return this;
    }

    private MemberSketch gone(Phase how, Problem what, String why) {
        phase = how;
        problem = what;
        reason = why;
        ready = false;
        server = new Server.Down("nothing listens");
        return this;
    }

    /** A server that does not serve answers at its address, whatever its phase is. */
    public MemberSketch answeringNevertheless() {
        server = new Server.NotServing("looking");
        return this;
    }

    /** It was asked to terminate, and still serves. */
    public MemberSketch terminating() {
        phase = Phase.TERMINATING;
        return this;
    }

    public MemberSketch unknown() {
        server = new Server.Unknown("no answer in time");
        return this;
    }

    public MemberSketch turnedAway() {
        server = new Server.Unknown("it closed the connection without an answer to mntr", true);
        return this;
    }

    public MemberSketch lostFromSight() {
        phase = Phase.UNKNOWN;
        return this;
    }

    /** Its readiness probe has not failed yet. */
    public MemberSketch stillReady() {
        ready = true;
        return this;
    }

    public MemberSketch notReady() {
        ready = false;
        return this;
    }

    public MemberSketch readySince(Instant when) {
        since = when;
        return this;
    }

    /** It has an instance, unlike the other members of an ensemble that is not bootstrapped yet. */
    public MemberSketch existing() {
        exists = true;
        return this;
    }

    public MemberSketch withoutInstance() {
        return withoutInstance("no instance");
    }

    public MemberSketch withoutInstance(String why) {
        exists = false;
        server = new Server.Down(why);
        return this;
    }

    public MemberSketch withoutAddress() {
        reachable = false;
        return this;
    }

    /** Until this time the status reported it as unknown. */
    public MemberSketch inDoubtUntil(Instant when) {
        inDoubt = Optional.of(when);
        return this;
    }

    Optional<MemberStatus> reported() {
        Instant then = inDoubt.orElse(since);
        // A member that has been ready until now has become unknown only now.
        boolean silentOnlyNow = server instanceof Server.Unknown && ready && inDoubt.isEmpty();
        return exists && !(server instanceof Serving) && !silentOnlyNow
                ? Optional.of(MemberStatusSketch.of(id)
                        .instance("kafka-" + (id - 1))
                        .role(server.describe())
                        .revision(revision)
                        .ready(ready)
                        .since(then)
                        .build())
                : Optional.empty();
    }

    /** @param strangers the servers that follow the leader and are not members */
    Member member(Membership committed, int followers, int watching, int strangers) {
        Server said = server.serving()
                .<Server>map(serving -> {
                    boolean leads = serving.role() == Role.LEADER;
                    return new Serving(
                            serving.role(),
                            zxid,
                            reportedMembership(committed),
                            leads ? followers : 0,
                            leads ? watching : 0,
                            leads ? followers + watching + strangers + fetching : 0,
                            dataBytes,
                            serving.since(),
                            version,
                            settings);
                })
                .orElse(server);
        return new Member(
                id,
                exists ? Optional.of(instance()) : Optional.empty(),
                said,
                reachable ? Optional.of(new HostPort("kafka-" + (id - 1), 2181)) : Optional.empty());
    }

    private Membership reportedMembership(Membership committed) {
        Membership other = voters.map(ids -> Membership.ofMajority(committed.version(), ids, committed.observers()))
                .orElse(committed);
        return configVersion
                .map(number ->
                        new Membership(number, other.voters(), other.observers(), other.groups(), other.weights()))
                .orElse(other);
    }

    private Instance instance() {
        return Instance.builder("kafka-" + (id - 1), uid, Scene.LONG_AGO.plusSeconds(id))
                .version("1")
                .revision(revision, Scene.revision(revision).aspects())
                .phase(phase)
                .problem(problem)
                .reason(reason)
                .message(message)
                .ready(ready, since)
                .location(Optional.of("node-" + id))
                .disk(disk)
                .permit(permit)
                .moved(moved)
                .build();
    }
}
