package dev.ensembled.local;

import dev.ensembled.local.file.JsonFile;
import dev.ensembled.local.process.Directories;
import dev.ensembled.local.process.Ports;
import dev.ensembled.local.process.ServerConfiguration;
import dev.ensembled.local.process.Supervisor;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.MembershipText;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.zookeeper.Reconfigurer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/** Takes the steps of the rollout through the supervisor and through files. Thread-safe for different ensembles. */
final class LocalSteps {
    private static final Logger LOG = Logger.getLogger(LocalSteps.class);

    private final Directories directories;
    private final AppliedConfigurations applied;
    private final PortAllocation ports;
    private final Supervisor supervisor;
    private final Reconfigurer reconfigurer = new Reconfigurer();

    /** Observes an ensemble as it is now. */
    interface Observer {
        Observed observe() throws IOException;
    }

    LocalSteps(Directories directories, AppliedConfigurations applied, PortAllocation ports, Supervisor supervisor) {
        this.directories = directories;
        this.applied = applied;
        this.ports = ports;
        this.supervisor = supervisor;
    }

    Outcome take(Desired desired, Step step, Observer eye) throws IOException {
        EnsembleId id = desired.id();
        return step.accept(new Step.Visitor<Outcome, IOException>() {
            @Override
            public Outcome visit(Step.Apply step) throws IOException {
                return apply(desired, step.replicas());
            }

            @Override
            public Outcome visit(Step.PermitStart step) throws IOException {
                return permit(id, step);
            }

            @Override
            public Outcome visit(Step.Reconfigure step) throws IOException {
                return reconfigurer.reconfigure(
                        step.leader(),
                        step.from(),
                        step.to(),
                        endpoints(id, step.to()),
                        superUser(id).passwords());
            }

            @Override
            public Outcome visit(Step.ScaleDown step) throws IOException {
                return scaleDown(id, step.replicas());
            }

            @Override
            public Outcome visit(Step.Restart step) throws IOException {
                return restart(id, step.member(), step.instance(), eye);
            }

            @Override
            public Outcome visit(Step.Replace step) throws IOException {
                return startNewProcess(id, step.member(), step.instance());
            }

            @Override
            public Outcome visit(Step.Expand step) {
                return unsupported(step);
            }

            @Override
            public Outcome visit(Step.RecreateStatefulSet step) {
                return unsupported(step);
            }

            @Override
            public Outcome visit(Step.Snapshot step) {
                return unsupported(step);
            }

            @Override
            public Outcome visit(Step.Bootstrap step) {
                return unsupported(step);
            }

            @Override
            public Outcome visit(Step.RunSanityTest step) {
                return unsupported(step);
            }
        });
    }

    private static Outcome unsupported(Step step) {
        return new Outcome.Blocked(Gate.PLATFORM, "the local platform does not support this step: " + step.describe());
    }

    /** Starts a server for each replica that has none yet; ends no server. */
    private Outcome apply(Desired desired, int wanted) throws IOException {
        EnsembleId id = desired.id();
        int before = applied.of(id).map(AppliedConfiguration::replicas).orElse(0);
        int replicas = Math.max(before, wanted);
        // Until a server has been started, no peer and no client knows the ports, so they can still change.
        boolean settled = before > 0 || !directories.withData(id).isEmpty();
        SortedMap<Integer, Ports> given = ports.assign(id, upTo(replicas), settled);
        ServerConfiguration target = ServerConfiguration.of(
                desired, superUser(id).make(desired.spec().credentials().rotation()));
        applied.put(id, new AppliedConfiguration(target, replicas, false));
        supervisor.keep(id, target, given.headMap(replicas + 1));
        LogEntry.of("configuration applied")
                .with(LogKey.ENSEMBLE, id)
                .with(LogKey.REVISION, target.revision())
                .with(LogKey.REPLICAS, replicas)
                .debug(LOG);
        return new Outcome.Applied();
    }

    static List<Integer> upTo(int replicas) {
        return IntStream.rangeClosed(1, replicas).boxed().toList();
    }

    private Outcome permit(EnsembleId id, Step.PermitStart step) throws IOException {
        Membership begins = step.permit() == StartPermit.BOOTSTRAP
                ? step.membership()
                : step.membership().with(step.member(), false);
        List<String> lines = MembershipText.lines(begins, endpoints(id, begins));
        boolean permitted = supervisor.permit(id, step.member(), step.instance().uid(), step.permit(), lines);
        if (!permitted) {
            return stale(step.instance());
        }
        LogEntry.of("server permitted to start")
                .with(LogKey.ENSEMBLE, id)
                .with(LogKey.MEMBER, step.member())
                .with(LogKey.WHAT, step.permit())
                .debug(LOG);
        return new Outcome.Applied();
    }

    /** The servers are ended before the number is recorded: after a kill in between, the next daemon scales down again. */
    private Outcome scaleDown(EnsembleId id, int replicas) throws IOException {
        Optional<AppliedConfiguration> last = applied.of(id);
        if (last.isEmpty()) {
            return new Outcome.Stale("ensemble " + id + " was removed");
        }
        supervisor.scaleDown(id, replicas);
        applied.put(id, last.get().withReplicas(Math.min(replicas, last.get().replicas())));
        LogEntry.of("scaled down, data of removed members kept")
                .with(LogKey.ENSEMBLE, id)
                .with(LogKey.REPLICAS, replicas)
                .debug(LOG);
        return new Outcome.Applied();
    }

    /** A server that may be serving is ended only if the budget allows it, as with the Eviction API. */
    private Outcome restart(EnsembleId id, int member, Instance instance, Observer eye) throws IOException {
        Observed now = eye.observe();
        boolean serves = now.members().stream().anyMatch(other -> other.id() == member && other.serves());
        Optional<Budget> full = now.budgets().stream()
                .filter(budget -> serves && budget.disruptionsAllowed() < 1)
                .findFirst();
        if (full.isPresent()) {
            return new Outcome.Blocked(
                    Gate.BUDGET, "disruption budget " + full.get().name() + " allows no disruption");
        }
        return startNewProcess(id, member, instance);
    }

    private Outcome startNewProcess(EnsembleId id, int member, Instance instance) throws IOException {
        return supervisor.restart(id, member, instance.uid()) ? new Outcome.Applied() : stale(instance);
    }

    private static Outcome stale(Instance instance) {
        return new Outcome.Stale(instance.name() + " is no longer the process " + instance.uid());
    }

    private IntFunction<Endpoint> endpoints(EnsembleId id, Membership members) throws IOException {
        SortedMap<Integer, Ports> given = ports.assign(id, members.ids(), true);
        return member -> given.get(member).endpoint();
    }

    LocalSuperUser superUser(EnsembleId id) {
        return new LocalSuperUser(new JsonFile(
                directories.of(id).resolve("super.json"),
                "Restore or delete it; after a deletion a new password is generated, and each server is restarted"));
    }
}
