package dev.ensembled.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform.Look;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleSpec;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import dev.ensembled.zookeeper.ServerProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** An ensemble of real servers for tests, which ends them all when it is closed. */
public final class LocalEnsemble implements AutoCloseable {
    public static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    public final ServerProbe probe = new ServerProbe(Clock.systemUTC());
    public final List<EnsembleId> exits = new CopyOnWriteArrayList<>();
    private final Path dir;
    private LocalPlatform platform;

    public LocalEnsemble(Path dir) throws IOException {
        this.dir = dir;
        reopen();
    }

    /** What a new daemon would do. */
    public void reopen() throws IOException {
        platform = LocalPlatform.open(new LocalPlatform.Settings(dir, false), probe, Clock.systemUTC(), exits::add);
    }

    public LocalPlatform platform() {
        return platform;
    }

    public static EnsembleSpec spec(int voters, int observers, Map<String, String> config) {
        return new EnsembleSpec(
                "3.9.5",
                null,
                voters,
                observers,
                config,
                new EnsembleSpec.Jvm("128Mi", null),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    public static Desired desired(int voters, int observers, Map<String, String> config) {
        return Desired.of(ID, spec(voters, observers, config), 1);
    }

    public Outcome apply(Desired desired) {
        return platform.act(desired, new Step.Apply(observe(desired).objects()));
    }

    public Observed observe(Desired desired) {
        return platform.observe(desired, EnsembleStatus.empty(), Look.FRESH);
    }

    /** Looks until it is as expected; fails with the last look. */
    public Observed await(Desired desired, Predicate<Observed> expected) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Observed look = observe(desired);
        while (!expected.test(look)) {
            assertThat(System.nanoTime()).as("time for %s", look).isLessThan(end);
            Thread.sleep(50);
            look = observe(desired);
        }
        return look;
    }

    /** Applies it and waits until all servers serve. */
    public Observed form(Desired desired) throws InterruptedException {
        assertThat(apply(desired)).isEqualTo(new Outcome.Taken());
        return await(desired, LocalEnsemble::allServe);
    }

    public static boolean allServe(Observed look) {
        return look.members().stream().allMatch(Member::serves);
    }

    public static Member member(Observed look, int id) {
        return look.members().stream()
                .filter(member -> member.id() == id)
                .findFirst()
                .orElseThrow();
    }

    public static HostPort address(Observed look, int id) {
        return member(look, id).clientAddress().orElseThrow();
    }

    /** Sends a signal to a server's process. */
    public void signal(String signal, int id) throws IOException, InterruptedException {
        long pid = platform.pids(ID).get(id);
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
        assertThat(kill.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    @Override
    public void close() throws IOException {
        platform.endAll();
        platform.close();
        probe.close();
    }
}
