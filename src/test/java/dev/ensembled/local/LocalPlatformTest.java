package dev.ensembled.local;

import static dev.ensembled.local.LocalEnsemble.ID;
import static dev.ensembled.local.LocalEnsemble.address;
import static dev.ensembled.local.LocalEnsemble.desired;
import static dev.ensembled.local.LocalEnsemble.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.local.process.Directories;
import dev.ensembled.local.process.Ports;
import dev.ensembled.local.process.ProcessRecord;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.stub.SpecBuilder;
import dev.ensembled.zookeeper.ZooKeeperSanityTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The local platform with real servers. */
@Timeout(60)
class LocalPlatformTest {
    @TempDir
    Path dir;

    private LocalEnsemble ensemble;

    @BeforeEach
    void open() throws IOException {
        ensemble = new LocalEnsemble(dir);
    }

    @AfterEach
    void endEveryServer() throws IOException {
        ensemble.close();
    }

    @Test
    void ensembleWithAnObserverFormsFromAnEmptyDirectory() throws Exception {
        // Given only a spec
        Desired desired = desired(3, 1, Map.of());
        Observed before = ensemble.observe(desired);
        assertThat(before.objects()).extracting("state").containsExactly(State.MISSING);
        assertThat(before.target()).isEmpty();
        assertThat(before.members()).hasSize(4).noneMatch(member -> member.instance()
                .isPresent());

        // When it is applied
        Observed observed = ensemble.form(desired);

        // Then one server leads, the voters vote, and all report the same membership
        assertThat(observed.members())
                .extracting(member -> member.server().serving().orElseThrow().role())
                .containsOnlyOnce(Role.LEADER)
                .filteredOn(Role.OBSERVER::equals)
                .hasSize(1);
        assertThat(observed.members()).allSatisfy(member -> {
            assertThat(member.server().serving().orElseThrow().membership().voters())
                    .isEqualTo(Set.of(1, 2, 3));
            assertThat(member.server().serving().orElseThrow().membership().observers())
                    .isEqualTo(Set.of(4));
            assertThat(member.server().serving().orElseThrow().version()).isEqualTo("3.9.5");
            assertThat(member.instance().orElseThrow().ready()).isTrue();
            assertThat(member.instance().orElseThrow().revision())
                    .isEqualTo(observed.target().orElseThrow().id());
        });
        assertThat(observed.members().stream()
                        .map(member -> member.server().serving().orElseThrow().configVersion()))
                .containsOnly(1L << 32);
        assertThat(observed.objects()).extracting("state").containsExactly(State.CURRENT);
        assertThat(observed.budgets()).singleElement().satisfies(budget -> {
            assertThat(budget.name()).isEqualTo("kafka-budget");
            assertThat(budget.disruptionsAllowed()).isEqualTo(1);
        });
        assertThat(ensemble.platform().pids(ID)).containsOnlyKeys(1, 2, 3, 4);
        // And a second observation changes no time
        assertThat(sinces(ensemble.observe(desired))).isEqualTo(sinces(observed));
    }

    private static List<Instant> sinces(Observed observed) {
        return observed.members().stream()
                .map(member -> member.instance().orElseThrow().since())
                .toList();
    }

    @Test
    void anEnsembleOfOneServes() throws Exception {
        Observed observed = ensemble.form(desired(1, 0, Map.of()));
        assertThat(observed.leader()).map(Member::id).contains(1);
    }

    @Test
    void aChangeReachesAServerOnlyByItsRestartWhichKeepsItsData() throws Exception {
        // Given a server with data
        Observed before = ensemble.form(desired(1, 0, Map.of()));
        Instance old = member(before, 1).instance().orElseThrow();
        assertThat(sanity(before, 1, 1)).isEqualTo(new Outcome.Applied());
        long zxid = member(before, 1).server().serving().orElseThrow().zxid();

        // When the spec changes, the server is outdated; and when the spec is applied, no server stops
        Desired changed = desired(1, 0, Map.of("syncLimit", "7"));
        Observed outdated = ensemble.observe(changed);
        assertThat(outdated.objects()).singleElement().satisfies(object -> {
            assertThat(object.state()).isEqualTo(State.OUTDATED);
            assertThat(object.fields()).containsExactly("config.syncLimit");
        });
        assertThat(outdated.target()).isEmpty();
        ensemble.apply(changed);
        Observed applied = ensemble.observe(changed);
        assertThat(member(applied, 1).instance().orElseThrow().uid()).isEqualTo(old.uid());
        assertThat(applied.target().orElseThrow().id()).isNotEqualTo(old.revision());

        // Then the budget allows a restart, since the ensemble has one member, and one may be unavailable
        Step restart = new Step.Restart(1, old, true, List.of(RestartReason.CONFIG_CHANGED));
        assertThat(ensemble.platform().act(changed, restart)).isEqualTo(new Outcome.Applied());
        Observed after = ensemble.await(changed, LocalEnsemble::allServe);
        Instance now = member(after, 1).instance().orElseThrow();
        assertThat(now.uid()).isNotEqualTo(old.uid());
        assertThat(now.revision()).isEqualTo(applied.target().orElseThrow().id());
        assertThat(now.aspects().get("config")).isNotEqualTo(old.aspects().get("config"));
        assertThat(now.aspects().get("jvm")).isEqualTo(old.aspects().get("jvm"));
        assertThat(member(after, 1).server().serving().orElseThrow().zxid()).isGreaterThan(zxid);
        // And the same step again does nothing
        assertThat(ensemble.platform().act(changed, restart)).isInstanceOf(Outcome.Stale.class);
    }

    @Test
    void exhaustedBudgetHoldsAServingServer() throws Exception {
        Observed observed = ensemble.form(desired(1, 0, Map.of()));
        Desired strict = Desired.of(
                ID, SpecBuilder.voters(1).jvm("128Mi").maxUnavailable(0).build(), 2);
        Instance running = member(observed, 1).instance().orElseThrow();

        Outcome outcome = ensemble.platform().act(strict, new Step.Restart(1, running, true, List.of()));

        assertThat(outcome).isInstanceOf(Outcome.Blocked.class);
        assertThat(((Outcome.Blocked) outcome).reason()).contains("kafka-budget");
        assertThat(member(ensemble.observe(strict), 1).instance().orElseThrow().uid())
                .isEqualTo(running.uid());
    }

    @Test
    void aKilledServerComesBackWithItsDataAndTheListenerHearsOfIt() throws Exception {
        Desired desired = desired(1, 0, Map.of());
        Observed before = ensemble.form(desired);
        String uid = member(before, 1).instance().orElseThrow().uid();
        assertThat(sanity(before, 1, 1)).isEqualTo(new Outcome.Applied());
        long zxid = member(before, 1).server().serving().orElseThrow().zxid();

        ensemble.signal("KILL", 1);

        Observed after = ensemble.await(
                desired,
                observed -> LocalEnsemble.allServe(observed)
                        && !member(observed, 1).instance().orElseThrow().uid().equals(uid));
        assertThat(member(after, 1).server().serving().orElseThrow().zxid()).isGreaterThan(zxid);
        assertThat(ensemble.exits).contains(ID);
    }

    @Test
    void serverThatCannotStartIsACrashLoopWithItsLastOutput() throws Exception {
        Desired broken = Desired.of(
                ID, SpecBuilder.voters(1).jvm("128Mi", "-XX:+NoSuchOption").build(), 1);

        ensemble.accept(broken.spec());
        List<Step.PermitStart> permits = new ArrayList<>();

        Observed observed = ensemble.drive(result -> {
                    if (result.decision() instanceof Decision.Act act
                            && act.step() instanceof Step.PermitStart permit) {
                        permits.add(permit);
                    }
                    return result.observed().members().stream()
                            .flatMap(member -> member.instance().stream())
                            .anyMatch(instance -> instance.reason().equals("CrashLoop"));
                })
                .observed();
        // A permit does not repair the server, so it is given once, and the delay between two starts grows
        assertThat(permits).hasSize(1);
        Instance crashed = member(observed, 1).instance().orElseThrow();
        assertThat(crashed.phase()).isEqualTo(Phase.CRASHED);
        assertThat(crashed.message()).contains("Unrecognized VM option 'NoSuchOption'");
        // And another spec repairs it
        assertThat(ensemble.form(desired(1, 0, Map.of())).leader()).isPresent();
    }

    @Test
    void nextDaemonAdoptsTheRunningServers() throws Exception {
        // Given a daemon that was killed without ending its servers
        Desired desired = desired(1, 0, Map.of());
        Observed before = ensemble.form(desired);
        Map<Integer, Long> pids = ensemble.platform().pids(ID);
        ensemble.platform().close();

        // When another one opens the directory
        ensemble.reopen();

        // Then it has the same process, recognizes it, and still supervises it
        Observed after = ensemble.observe(desired);
        assertThat(ensemble.platform().pids(ID)).isEqualTo(pids);
        assertThat(member(after, 1).instance().orElseThrow().uid())
                .isEqualTo(member(before, 1).instance().orElseThrow().uid());
        assertThat(after.target()).isEqualTo(before.target());
        assertThat(LocalEnsemble.allServe(after)).isTrue();
        ensemble.signal("KILL", 1);
        ensemble.await(
                desired,
                observed -> LocalEnsemble.allServe(observed)
                        && !ensemble.platform().pids(ID).equals(pids));
    }

    @Test
    void endAllStopsEverythingAndTheNextDaemonFindsTheData() throws Exception {
        Desired desired = desired(1, 0, Map.of());
        Observed before = ensemble.form(desired);
        long pid = ensemble.platform().pids(ID).get(1);

        ensemble.platform().endAll();
        assertThat(ProcessHandle.of(pid).filter(process -> !ProcessRecord.ended(process)))
                .isEmpty();
        assertThat(Ports.from(address(before, 1).port()).portInUse()).isEmpty();
        ensemble.platform().close();
        ensemble.reopen();

        Observed after = ensemble.await(desired, LocalEnsemble::allServe);
        assertThat(address(after, 1)).isEqualTo(address(before, 1));
        assertThat(member(after, 1).server().serving().orElseThrow().zxid() >>> 32)
                .as("epoch, which would restart at zero with a blank disk")
                .isGreaterThan(1);
    }

    @Test
    void anEndedEnsembleStaysEndedUntilItIsAppliedAgain() throws Exception {
        Desired desired = desired(1, 0, Map.of());
        ensemble.form(desired);
        ensemble.platform().end(ID);
        ensemble.platform().close();
        ensemble.reopen();

        assertThat(ensemble.platform().pids(ID)).isEmpty();
        assertThat(ensemble.observe(desired).objects()).extracting("state").containsExactly(State.MISSING);
        Observed again = ensemble.form(desired);
        assertThat(member(again, 1).server().serving().orElseThrow().zxid() >>> 32)
                .isGreaterThan(1);
    }

    @Test
    void portsInUseAreAvoidedAndLaterConflictsAreNamed() throws Exception {
        // Given another process that listens at the first server's port
        Desired desired = desired(1, 0, Map.of());
        int wouldBe = PortAllocation.open(dir, new Directories(dir.resolve("servers")))
                .free(Set.of())
                .client();
        try (ServerSocket foreign = new ServerSocket(wouldBe, 1, InetAddress.getLoopbackAddress())) {
            Observed observed = ensemble.form(desired);
            assertThat(address(observed, 1).port()).isNotEqualTo(foreign.getLocalPort());
        }

        // When another process takes its port while it does not run
        int port = address(ensemble.observe(desired), 1).port();
        ensemble.platform().endAll();
        ensemble.platform().close();
        try (ServerSocket foreign = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            ensemble.reopen();
            Instance waiting = member(ensemble.observe(desired), 1).instance().orElseThrow();
            assertThat(waiting.phase()).isEqualTo(Phase.CRASHED);
            assertThat(waiting.reason()).isEqualTo("PortTaken");
            assertThat(waiting.message()).contains("port " + foreign.getLocalPort());
        }

        // Then it starts after the port is free
        ensemble.await(desired, LocalEnsemble::allServe);
    }

    @Test
    void anotherVersionThanTheBundledOneIsRefused() {
        Desired other = Desired.of(ID, SpecBuilder.voters(1).version("3.8.6").build(), 1);

        assertThat(ensemble.apply(other))
                .isEqualTo(
                        new Outcome.Blocked(
                                Gate.VERSION,
                                "the local platform supports only ZooKeeper 3.9.5, not 3.8.6: set version: 3.9.5, or use a cluster"));
        assertThat(ensemble.platform().pids(ID)).isEmpty();
    }

    @Test
    void aSecondDaemonIsKeptOutOfTheDirectory() {
        assertThatThrownBy(ensemble::reopen)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another ensembled process uses " + dir);
    }

    private Outcome sanity(Observed observed, int writer, int reader) {
        return new ZooKeeperSanityTest(ensemble.platform()::superPasswords)
                .writeAndReadBack(ID, address(observed, writer), address(observed, reader));
    }
}
