package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.local.store.LocalStore;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.SpecReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Removals that wait for a confirmation: a real repository, and the store and the request files of the local platform. */
@Timeout(60)
class ConfirmedRemovalTest {
    private static final EnsembleId KAFKA = new EnsembleId("prod", "kafka");
    private static final EnsembleId PINOT = new EnsembleId("prod", "pinot");

    @TempDir
    Path directory;

    private LocalStore store;
    private ConfigRepo repo;
    private GitSource source;

    @BeforeEach
    void acceptThree() throws IOException {
        store = new LocalStore(directory.resolve("state"), Clock.systemUTC());
        repo = new ConfigRepo(directory.resolve("config.git"));
        source = follow();
        repo.write("kafka.yaml", ensemble("kafka", "Delete"))
                .write("pinot.yaml", ensemble("pinot", "Orphan"))
                .write("solr.yaml", ensemble("solr", "Orphan"));
        settle(repo.commit("First"));
    }

    @AfterEach
    void close() {
        source.close();
        repo.close();
    }

    private GitSource follow() {
        GitSettings settings = new GitSettings(
                RemoteUrl.of(repo.url()),
                "main",
                "",
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                GitSettings.Files.none(),
                directory.resolve("cache"));
        GitSource started = new GitSource(
                settings,
                "here",
                AcceptedCommits.none(),
                new CommitReader(new SpecReader("default", Set.of()))::read,
                store,
                Clock.systemUTC());
        started.start();
        return started;
    }

    private static String ensemble(String name, String deletionPolicy) {
        return """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata: {name: %s, namespace: prod}
                spec: {version: 3.9.5, voters: 3, deletionPolicy: %s}
                """
                .formatted(name, deletionPolicy);
    }

    private void settle(String commit) {
        source.fetchNow();
        await(() -> source.state().storedCommit().filter(commit::equals).isPresent());
    }

    private static void await(BooleanSupplier reached) {
        Instant end = Instant.now().plusSeconds(30);
        while (!reached.getAsBoolean()) {
            assertThat(Instant.now()).as("in time").isBefore(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private SourceStatus standing(EnsembleId id) {
        return store.get(id).orElseThrow().source().orElseThrow();
    }

    /** As the daemon does when a cycle sees the request. */
    private void confirm(EnsembleId id, String commit) throws IOException {
        store.requests().set(id, Requests.CONFIRM_REMOVAL, commit);
        source.resync();
    }

    @Test
    void removalOfTwoWaitsUntilEachIsConfirmedForThatCommit() throws IOException {
        // When one commit removes two ensembles
        String removing = repo.delete("kafka.yaml").delete("pinot.yaml").commit("Remove two");
        settle(removing);
        // Then both keep their specs, and name the commit, how many others and the command
        assertThat(standing(KAFKA).removal()).isEqualTo(new PendingRemoval(removing, 2, true));
        assertThat(standing(PINOT).removal()).isEqualTo(new PendingRemoval(removing, 2, false));
        assertThat(standing(KAFKA).message())
                .contains("and 1 other ensemble", "ensembled approve kafka -n prod --removal " + removing);
        assertThat(source.state().unsyncedEnsembles()).hasSize(2).allSatisfy(line -> assertThat(line)
                .contains("RemovalPending"));
        // When a later commit is pushed, and a confirmation names another commit, then they still wait
        settle(repo.write("README.md", "x").commit("More"));
        confirm(KAFKA, repo.head("main"));
        settle(repo.write("README.md", "y").commit("Still more"));
        assertThat(standing(KAFKA).removal().commit()).isEqualTo(removing);
        // When each is confirmed, then one is removed, and the other one is orphaned
        confirm(KAFKA, removing);
        await(() -> store.get(KAFKA).isEmpty());
        assertThat(standing(PINOT).state()).isEqualTo("RemovalPending");
        confirm(PINOT, removing);
        await(() -> standing(PINOT).state().equals("Orphaned"));
    }

    @Test
    void revertEndsTheWaitingAndAnOldConfirmationConfirmsNothing() throws IOException {
        String first = repo.head("main");
        String removing = repo.delete("kafka.yaml").delete("pinot.yaml").commit("Remove two");
        settle(removing);

        repo.write("kafka.yaml", ensemble("kafka", "Delete")).write("pinot.yaml", ensemble("pinot", "Orphan"));
        settle(repo.commit("Revert"));

        assertThat(standing(KAFKA).state()).isEqualTo("Synced");
        assertThat(standing(KAFKA).commit()).isEqualTo(first);
        assertThat(standing(PINOT).state()).isEqualTo("Synced");
        // When the same files are removed again, then the confirmation of the first removal has no effect
        confirm(KAFKA, removing);
        String again = repo.delete("kafka.yaml").delete("pinot.yaml").commit("Remove again");
        settle(again);
        assertThat(standing(KAFKA).removal().commit()).isEqualTo(again);
    }

    @Test
    void emptiedRepositoryWaitsAndSurvivesARestartOfTheDaemon() {
        repo.delete("kafka.yaml").delete("pinot.yaml").delete("solr.yaml");
        String emptied = repo.commit("Empty");
        settle(emptied);
        source.close();

        source = follow();
        settle(emptied);

        assertThat(store.list()).hasSize(3).allSatisfy(one -> assertThat(
                        one.source().orElseThrow().removal())
                .isEqualTo(new PendingRemoval(emptied, 3, false)));
    }
}
