package dev.ensembled.git.growth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.ConfigRepo;
import dev.ensembled.git.GitSource;
import dev.ensembled.git.GitState;
import dev.ensembled.git.MemoryRecord;
import dev.ensembled.git.growth.ExpectedStore.Ensemble;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.local.store.LocalStore;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.SpecReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A repository that grows through many commits with random content, valid and not, which a real source reads into a real
 * store; it leaves out some of them, as a slow daemon does (docs/testing.md).
 */
class GrowingRepositoryTest {
    private static final int COMMITS = Integer.getInteger("growth.commits", 1_000);
    private static final long SEED = Long.getLong("growth.seed", 1L);
    private static final int CHECKPOINT = 50;

    @TempDir
    Path directory;

    private final RandomFiles random = new RandomFiles(new Random(SEED));
    private final RandomTree tree = new RandomTree(random);
    private final ExpectedStore expected = new ExpectedStore();
    private final List<String> accepted = new ArrayList<>();
    private ConfigRepo repo;
    private LocalStore store;
    private GitSource source;

    @BeforeEach
    void follow() throws IOException {
        repo = new ConfigRepo(directory.resolve("config.git"));
        store = new LocalStore(directory.resolve("state"), Clock.systemUTC());
        GitSettings settings = new GitSettings(
                RemoteUrl.of(repo.url()),
                "main",
                RandomTree.ROOT,
                Duration.ofDays(3_650),
                Duration.ofSeconds(60),
                GitSettings.Files.none(),
                directory.resolve("cache"));
        source = new GitSource(
                settings,
                "here",
                new MemoryRecord(),
                new CommitReader(new SpecReader("default", Set.of()))::read,
                store,
                new SteppingClock());
    }

    @AfterEach
    void close() {
        source.close();
        repo.close();
    }

    @Test
    void lastValidVersionOfEachEnsembleIsInTheStore() {
        source.start();
        for (int count = 1; count <= COMMITS; count++) {
            String newest = commit("Commit " + count);
            if (retries() || count == COMMITS || random.chance(70)) {
                read(newest);
                if (random.chance(3)) {
                    refuseForcePush();
                }
            }
            if (count % CHECKPOINT == 0) {
                source.resync();
            }
        }
        assertThat(expected.events().keySet())
                .as(() -> "each rule applies to some commit: " + expected.events())
                .containsExactlyInAnyOrder(ExpectedStore.Event.values());
    }

    private String commit(String message) {
        tree.change();
        tree.writeTo(repo);
        return repo.commit(message);
    }

    /** Whether the source may read the newest commit without a hint. */
    private boolean retries() {
        return source.state().lastSuccess().isEmpty() || source.state().failuresInARow() > 0;
    }

    /** Reads the newest commit; a commit without the directory of the specs is not accepted. */
    private void read(String newest) {
        source.fetchNow();
        if (tree.isEmpty()) {
            awaitFailure("not found in commit " + newest);
        } else {
            expected.accept(newest, tree);
            await(state -> state.storedCommit().filter(newest::equals).isPresent());
            assertThat(source.state().fetchFailure()).isEmpty();
            accepted.add(newest);
        }
        compare(newest);
    }

    private void refuseForcePush() {
        if (accepted.size() < 2 || tree.isEmpty()) {
            return;
        }
        String newest = accepted.get(accepted.size() - 1);
        String older = accepted.get(random.below(accepted.size() - 1));
        repo.force("main", older);
        source.fetchNow();
        awaitFailure("commit " + older + " of branch \"main\"");
        repo.force("main", newest);
        compare(older);
    }

    private void compare(String commit) {
        assertThat(source.state().storeFailure()).isEmpty();
        Map<EnsembleId, Ensemble> stored = new TreeMap<>();
        for (Accepted one : store.list()) {
            var from = one.source().orElseThrow();
            boolean delete = one.spec().deletionPolicy() == DeletionPolicy.Delete;
            stored.put(one.id(), new Ensemble(one.spec().voters(), delete, from.path(), from.commit(), from.state()));
        }
        assertThat(stored).as(() -> "seed " + SEED + ", commit " + commit).isEqualTo(expected.ensembles());
    }

    private void awaitFailure(String what) {
        await(state ->
                state.fetchFailure().filter(one -> one.what().contains(what)).isPresent());
    }

    private void await(Predicate<GitState> reached) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .atMost(Duration.ofSeconds(30))
                .until(source::state, reached);
    }
}
