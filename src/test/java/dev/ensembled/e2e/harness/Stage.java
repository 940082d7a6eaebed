package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The environment of one class of scenarios: a namespace, a repository and its server, the daemon, and ensembles. */
public final class Stage implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback {
    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final Duration FETCH_INTERVAL = Duration.ofSeconds(10);
    /** Opens the web port: scenarios read the daemon's page by the address of its pod, which is closed by default. */
    private static final String OPEN = "ENSEMBLED_WEB_NETWORK=true";

    private final String name;
    private final List<String> components;
    private final List<String> settings = new ArrayList<>(List.of(OPEN));
    private final List<Ensemble> ensembles = new ArrayList<>();
    private String namespace;
    private KubernetesClient client;
    private GitRepo repository;
    private GitServer git;
    private DaemonDeployment daemon;

    /**
     * @param name of the scenarios; becomes a part of the namespace's name
     * @param components of k8s/components to install as well
     */
    public Stage(String name, String... components) {
        this.name = name;
        this.components = List.of(components);
    }

    /** The same stage with a setting of the daemon, such as ENSEMBLED_JVM_OPTIONS=any. */
    public Stage setting(String setting) {
        settings.add(setting);
        return this;
    }

    /** Leaves the daemon's page and health closed to the network, as is the default. */
    public Stage withoutAccessFromTheNetwork() {
        settings.remove(OPEN);
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Another one each time: a class whose test failed runs once more in CI, while the first namespace still ends.
        namespace = "e2e-" + name + "-" + Long.toString(System.currentTimeMillis() / 1000, 36);
        client = TestCluster.connect();
        Path directory = TestCluster.output().resolve("e2e").resolve(namespace);
        repository = new GitRepo(directory.resolve("git"));
        repository.write("README.md", "Ensembles of a team\n").push("Begin");
        git = new GitServer(repository);
        try {
            daemon = DaemonDeployment.install(client, namespace, git, FETCH_INTERVAL, components, settings);
        } catch (ConditionTimeoutException | IllegalStateException e) {
            FailureReport.write(namespace, "install");
            throw e;
        }
    }

    /** A file for an ensemble in this stage's namespace. */
    public EnsembleFile file(String name, int voters) {
        return EnsembleFile.of(namespace, name, voters);
    }

    /** Pushes the file and waits until the ensemble is bootstrapped. */
    public Ensemble create(EnsembleFile file) {
        Ensemble ensemble = new Ensemble(client, file);
        ensembles.add(ensemble);
        awaitSettled(ensemble, push(file));
        return ensemble;
    }

    /** Pushes the file, sends the daemon a hint, and returns the commit. */
    public String push(EnsembleFile file) {
        String commit = pushWithoutHint(file);
        daemon.hint();
        return commit;
    }

    /** Pushes the file without a hint to the daemon, and returns the commit. */
    public String pushWithoutHint(EnsembleFile file) {
        ensembles.stream()
                .filter(ensemble -> ensemble.name().equals(file.name()))
                .forEach(e -> e.expect(file));
        return repository.write(file.path(), file.yaml()).push("Change " + file.name());
    }

    /** Waits until the status reports that the ensemble is as this commit wants it, and the servers agree. */
    public void awaitSettled(Ensemble ensemble, String commit) {
        try {
            await(ensemble.name() + " settles at " + commit)
                    .atMost(TIMEOUT)
                    .ignoreExceptions() // the API server may be away for a while
                    .until(() -> isSettled(ensemble, commit));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "; its status: " + ensemble.wholeStatus(), e);
        }
    }

    private static boolean isSettled(Ensemble ensemble, String commit) {
        // In this order: each call reads again, and a Ready of an earlier spec would be taken for that of this commit.
        return isDecidedFor(ensemble, commit)
                && ensemble.condition("Ready").equals("True")
                && ensemble.servesAtNewestRevision();
    }

    /** Whether the status is about the spec of this commit. */
    private static boolean isDecidedFor(Ensemble ensemble, String commit) {
        String generation = ensemble.resource() == null
                ? ""
                : ensemble.resource().getMetadata().getGeneration().toString();
        return ensemble.status("observedGeneration").equals(generation)
                && ensemble.status("source", "commit").equals(commit);
    }

    /** Waits until the ensemble stalls for this reason, and returns the message. */
    public String awaitStalled(Ensemble ensemble, String reason) {
        try {
            await(ensemble.name() + " stalls by " + reason)
                    .atMost(TIMEOUT)
                    .ignoreExceptions() // the API server may be away for a while
                    .until(() -> ensemble.condition("Stalled").equals("True")
                            && ensemble.reason("Stalled").equals(reason));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "; its status: " + ensemble.wholeStatus(), e);
        }
        return ensemble.message("Stalled");
    }

    /** Deletes pods at once, without a grace period. */
    public void deleteAtOnce(Collection<String> pods) {
        List<String> arguments = new ArrayList<>(List.of("delete", "pod", "--namespace", namespace));
        arguments.addAll(List.of("--grace-period", "0", "--force", "--wait=false"));
        arguments.addAll(pods);
        TestCluster.kubectl(arguments.toArray(String[]::new)).run();
    }

    /** Waits until a pod has been asked to leave after this time. */
    public PodHistory.Takedown awaitTakedown(Ensemble ensemble, java.time.Instant since) {
        await("a pod is asked to leave")
                .atMost(TIMEOUT)
                .until(() -> !ensemble.pods().since(since).takedowns().isEmpty());
        return ensemble.pods().since(since).takedowns().get(0);
    }

    /** Waits until this gate holds the ensemble at a commit, and returns the message of the status. */
    public String awaitGate(Ensemble ensemble, String commit, String gate) {
        try {
            await(ensemble.name() + " is held by " + gate)
                    .atMost(TIMEOUT)
                    .until(() -> isDecidedFor(ensemble, commit)
                            && ensemble.status("rollout", "gate").equals(gate));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "; its status: " + ensemble.wholeStatus(), e);
        }
        return ensemble.status("rollout", "reason");
    }

    /** Asserts that the pods stay the same for this time. */
    public void nothingRestartsFor(Duration time, Ensemble ensemble) {
        Map<String, String> uids = ensemble.pods().uids();
        await("the pods of " + ensemble.name() + " stay")
                .during(time)
                .atMost(time.plusSeconds(10))
                .until(() -> ensemble.pods().uids(), uids::equals);
    }

    public KubernetesClient client() {
        return client;
    }

    public String namespace() {
        return namespace;
    }

    public GitRepo repository() {
        return repository;
    }

    public GitServer git() {
        return git;
    }

    public DaemonDeployment daemon() {
        return daemon;
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Optional<Throwable> failure = context.getExecutionException();
        if (failure.isPresent()) {
            FailureReport.write(namespace, context.getRequiredTestMethod().getName());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        ensembles.forEach(Ensemble::close);
        ensembles.clear();
        if (git != null) {
            git.close();
        }
        if (client != null) {
            client.namespaces().withName(namespace).delete();
            client.close();
        }
    }
}
