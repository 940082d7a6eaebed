package dev.ensembled.reconciler.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.SpecSketch;
import dev.ensembled.reconciler.accept.Change.Accept;
import dev.ensembled.reconciler.accept.Change.AwaitRemoval;
import dev.ensembled.reconciler.accept.Change.Hold;
import dev.ensembled.reconciler.accept.Change.Orphan;
import dev.ensembled.reconciler.accept.Change.Remove;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.Leftover;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AcceptanceTest {
    private static final String OLD = "0ld";
    private static final String HEAD = "4ead";
    private static final Origin HERE = new Origin("https://git/config?ref=main", "here");
    private static final Origin ELSEWHERE = new Origin("https://git/other?ref=main", "here");
    private static final Origin OTHER_DAEMON = new Origin("https://git/other?ref=main", "there");

    private final List<Found> found = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final Set<EnsembleId> invalid = new HashSet<>();
    private final Set<String> unread = new HashSet<>();
    private final List<StoredEnsemble> stored = new ArrayList<>();
    private final Map<String, Boolean> files = new HashMap<>();
    private final Map<EnsembleId, Violation> leftovers = new HashMap<>();
    private Origin origin = HERE;

    @Test
    void newEnsembleIsAccepted() {
        defines("kafka", spec(3), "prod/kafka.yaml");

        assertThat(decide()).singleElement().satisfies(change -> {
            assertThat(change).isInstanceOf(Accept.class);
            assertThat(change.id()).isEqualTo(id("kafka"));
            assertThat(change.source()).isEqualTo(synced(HERE, HEAD, "prod/kafka.yaml"));
        });
    }

    @Test
    void ensembleThatAPushDoesNotConcernIsNotWritten() {
        defines("kafka", spec(3), "kafka.yaml");
        stores("kafka", spec(3), synced("kafka.yaml"));

        assertThat(decide()).isEmpty();
    }

    @Test
    void changedSpecIsAcceptedWithTheNewCommit() {
        defines("kafka", spec(5), "kafka.yaml");
        stores("kafka", spec(3), synced("kafka.yaml"));

        assertThat(decide()).singleElement().satisfies(change -> {
            assertThat(((Accept) change).resource().getSpec().voters()).isEqualTo(5);
            assertThat(change.source().commit()).isEqualTo(HEAD);
        });
    }

    @Test
    void movedFileIsAcceptedUnderItsNewPathDespiteDeletionPolicy() {
        defines("kafka", deleted(), "teams/kafka.yaml");
        stores("kafka", deleted(), synced("kafka.yaml"));

        assertThat(decide()).singleElement().satisfies(change -> {
            assertThat(change).isInstanceOf(Accept.class);
            assertThat(change.source()).isEqualTo(synced(HERE, HEAD, "teams/kafka.yaml"));
        });
    }

    @Test
    void anEditedResourceIsPutBack() {
        defines("kafka", spec(3), "kafka.yaml");
        stored.add(new StoredEnsemble(id("kafka"), spec(5), Optional.of(synced("kafka.yaml")), true));

        assertThat(decide()).singleElement().isInstanceOf(Accept.class);
    }

    @Test
    void returningOrphanIsAcceptedWithItsOriginalCommit() {
        defines("kafka", spec(3), "kafka.yaml");
        stores("kafka", spec(3), by(HERE, OLD, "kafka.yaml", "Orphaned", "gone"));

        assertThat(decide()).singleElement().satisfies(change -> {
            assertThat(change).isInstanceOf(Accept.class);
            assertThat(change.source()).isEqualTo(synced("kafka.yaml"));
        });
    }

    @Test
    void invalidDocumentIsHeldAndItsNeighbourInTheFileIsAccepted() {
        defines("kafka", spec(5), "all.yaml");
        stores("kafka", spec(3), synced("all.yaml"));
        stores("solr", spec(3), synced("all.yaml"));
        violates("all.yaml", 12, "spec.voters", "has to be odd");
        invalid.add(id("solr"));

        List<Change> changes = decide();

        assertThat(changes).hasSize(2);
        assertThat(changes.get(0)).isInstanceOf(Accept.class);
        assertThat(changes.get(1)).isInstanceOf(Hold.class);
        assertThat(changes.get(1).source().commit()).isEqualTo(OLD);
        assertThat(changes.get(1).source().state()).isEqualTo("Held");
        assertThat(changes.get(1).source().message())
                .contains("last good spec")
                .contains("all.yaml:12:1: spec.voters: has to be odd");
    }

    @Test
    void aStoredEnsembleIsHeldWhenItsFileCannotBeParsedAtAll() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        defines("other", spec(1), "other.yaml");
        violates("kafka.yaml", 3, "", "is no YAML");

        assertThat(decide())
                .filteredOn(change -> change.id().equals(id("kafka")))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change).isInstanceOf(Hold.class);
                    assertThat(change.source().message()).contains("kafka.yaml:3:1: is no YAML");
                });
    }

    @Test
    void aMoveIntoAnInvalidDocumentIsHeldWithItsViolations() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        violates("new.yaml", 1, "", "unknown field");
        invalid.add(id("kafka"));

        assertThat(decide()).singleElement().satisfies(change -> {
            assertThat(change).isInstanceOf(Hold.class);
            assertThat(change.source().message()).contains("new.yaml:1:1");
        });
    }

    @Test
    void repeatedHoldForTheSameReasonIsNoChange() {
        stores("kafka", spec(3), synced("kafka.yaml"));
        violates("kafka.yaml", 3, "", "is no YAML");
        SourceStatus held = decide().get(0).source();
        stored.clear();
        stores("kafka", spec(3), held);

        assertThat(decide()).isEmpty();
    }

    @Test
    void aLongListOfViolationsIsCutInTheMessage() {
        stores("kafka", spec(3), synced("kafka.yaml"));
        for (int line = 1; line <= 9; line++) {
            violates("kafka.yaml", line, "", "wrong");
        }

        assertThat(decide().get(0).source().message())
                .contains("kafka.yaml:5:1")
                .doesNotContain("kafka.yaml:6:1")
                .endsWith("and 4 more");
    }

    @Test
    void removedFileLeavesAnOrphanWithInstructions() {
        stores("kafka", spec(3), synced("kafka.yaml"));
        defines("solr", spec(3), "solr.yaml");

        assertThat(decide())
                .filteredOn(change -> change.id().equals(id("kafka")))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change).isInstanceOf(Orphan.class);
                    assertThat(change.source().state()).isEqualTo("Orphaned");
                    assertThat(change.source().message())
                            .contains("kafka.yaml", "keeps running", "To keep it", "to remove it");
                });
    }

    @Test
    void orphanStaysAnOrphanWithoutAnotherWrite() {
        stores("kafka", spec(3), synced("kafka.yaml"));
        SourceStatus orphaned = decide().get(0).source();
        stored.clear();
        stores("kafka", spec(3), orphaned);

        assertThat(decide()).isEmpty();
    }

    @Test
    void removedFileWithDeletePolicyIsAppliedLast() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        defines("solr", spec(3), "solr.yaml");

        List<Change> changes = decide();

        assertThat(changes).hasSize(2);
        assertThat(changes.get(0)).isInstanceOf(Accept.class);
        assertThat(changes.get(1)).isInstanceOf(Remove.class);
        assertThat(changes.get(1).id()).isEqualTo(id("kafka"));
    }

    @Test
    void anEmptyRepositoryRemovesNothing() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        stores("solr", spec(3), synced("solr.yaml"));

        assertThat(decide()).hasSize(2).allSatisfy(change -> {
            assertThat(change).isInstanceOf(AwaitRemoval.class);
            assertThat(change.source().removal()).isEqualTo(new PendingRemoval(HEAD, 2, false));
        });
        confirm("kafka", HEAD);
        assertThat(of("kafka")).isInstanceOf(Orphan.class);
        assertThat(of("kafka").source().message()).contains("no valid ensemble");
    }

    @Test
    void removalWaitsWhileAnotherFileIsInvalid() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        defines("solr", spec(3), "solr.yaml");
        violates("moved.yaml", 1, "", "is no YAML");

        assertThat(decide())
                .filteredOn(change -> change.id().equals(id("kafka")))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change).isInstanceOf(Orphan.class);
                    assertThat(change.source().message()).contains("moved.yaml", "not removed");
                });
    }

    @Test
    void aFileBehindASubmoduleIsHeldAndNotRemoved() {
        stores("kafka", deleted(), synced("teams/a/kafka.yaml"));
        defines("solr", spec(3), "solr.yaml");
        unread.add("teams/a");

        assertThat(decide())
                .filteredOn(change -> change.id().equals(id("kafka")))
                .singleElement()
                .isInstanceOf(Hold.class);
    }

    @Test
    void aSubmoduleOfASimilarNameHidesNothing() {
        stores("kafka", deleted(), synced("teams/ab/kafka.yaml"));
        defines("solr", spec(3), "solr.yaml");
        unread.add("teams/a");

        assertThat(decide()).last().isInstanceOf(Remove.class);
    }

    @Test
    void deletionPolicyFromOutsideGitRemovesNothing() {
        stored.add(new StoredEnsemble(id("kafka"), deleted(), Optional.of(synced("kafka.yaml")), true));
        defines("solr", spec(3), "solr.yaml");

        assertThat(decide())
                .filteredOn(change -> change.id().equals(id("kafka")))
                .singleElement()
                .isInstanceOf(Orphan.class);
    }

    @Test
    void ensembleOfAnotherSourceIsNeverHeldOrphanedOrRemoved() {
        stored.add(new StoredEnsemble(id("kafka"), deleted(), Optional.empty(), false));
        stored.add(new StoredEnsemble(id("solr"), deleted(), Optional.empty(), false));
        defines("other", spec(3), "other.yaml");
        invalid.add(id("solr"));

        assertThat(decide())
                .extracting(Change::id)
                .as("only the defined one changes")
                .containsExactly(id("other"));
    }

    @Test
    void ensembleOfAnotherSourceIsAdoptedWhenAFileDefinesIt() {
        stored.add(new StoredEnsemble(id("kafka"), spec(3), Optional.empty(), false));
        defines("kafka", spec(3), "kafka.yaml");

        assertThat(decide()).singleElement().satisfies(change -> {
            assertThat(change).isInstanceOf(Accept.class);
            assertThat(change.source().commit()).isEqualTo(HEAD);
        });
    }

    @Test
    void fileWithoutItsEnsembleHoldsTheEnsembleWithAViolation() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        stores("solr", spec(3), synced("solr.yaml"));
        defines("other", spec(3), "other.yaml");
        files.put("kafka.yaml", true);
        files.put("solr.yaml", true);

        assertThat(decide())
                .filteredOn(change -> !change.id().equals(id("other")))
                .hasSize(2)
                .allSatisfy(change -> assertThat(change).isInstanceOf(Hold.class))
                .allSatisfy(change ->
                        assertThat(change.source().message()).contains("restore the definition, or remove the file"));
        assertThat(decided().violations()).extracting(Violation::file).containsExactly("kafka.yaml", "solr.yaml");
    }

    @Test
    void aFileThatWasEmptiedLeavesAnOrphan() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        defines("other", spec(3), "other.yaml");
        files.put("kafka.yaml", false);

        assertThat(of("kafka")).isInstanceOf(Orphan.class);
        assertThat(of("kafka").source().message()).contains("the file is empty");
    }

    @Test
    void ensembleThatLeavesASharedFileIsRemoved() {
        stores("kafka", deleted(), synced("all.yaml"));
        stores("solr", spec(3), synced("all.yaml"));
        defines("solr", spec(3), "all.yaml");

        assertThat(of("kafka")).isInstanceOf(Remove.class);
    }

    @Test
    void renamedEnsembleIsNeitherRemovedNorAccepted() {
        stores("kafka", deleted(), synced("all.yaml"));
        stores("solr", spec(3), synced("all.yaml"));
        defines("solr", spec(3), "all.yaml");
        defines("kafka2", deleted(), "all.yaml");

        assertThat(decide()).singleElement().isInstanceOf(Hold.class);
        assertThat(decided().violations()).singleElement().satisfies(violation -> {
            assertThat(violation.file()).isEqualTo("all.yaml");
            assertThat(violation.message()).contains("ns/kafka", "ns/kafka2", "are immutable");
        });
        // Nor if the ensemble is held already, or the commit has another violation
        stored.set(
                0,
                new StoredEnsemble(
                        id("kafka"), deleted(), Optional.of(decide().get(0).source()), false));
        violates("broken.yaml", 1, "", "is no YAML");
        assertThat(decide()).isEmpty();
    }

    @Test
    void droppedNamespaceIsNoRemovalEvenInANewFile() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        defines(new EnsembleId("default", "kafka"), deleted(), "moved.yaml");

        assertThat(decide()).singleElement().isInstanceOf(Hold.class);
    }

    @Test
    void remainderInAnotherFileHoldsTheEnsembleInsteadOfRemovingIt() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        stores("gone", deleted(), synced("gone.yaml"));
        defines("solr", spec(3), "solr.yaml");
        leftovers.put(id("kafka"), new Violation("kafka.yaml.bak", 2, 1, "", "speaks of it"));

        assertThat(of("kafka")).isInstanceOf(Hold.class);
        assertThat(of("kafka").source().message()).contains("kafka.yaml.bak:2:1: speaks of it");
        assertThat(of("gone")).isInstanceOf(AwaitRemoval.class);
        assertThat(decided().violations()).containsExactlyElementsOf(leftovers.values());
        // Once it is held, the removal of another one is a removal of one
        stored.set(
                0,
                new StoredEnsemble(
                        id("kafka"), deleted(), Optional.of(of("kafka").source()), false));
        assertThat(of("gone")).isInstanceOf(Remove.class);
    }

    @Test
    void changedSourceOrphansAfterConfirmationAndRemovesNothing() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        defines("solr", spec(3), "solr.yaml");
        origin = ELSEWHERE;

        assertThat(of("kafka")).isInstanceOf(AwaitRemoval.class);
        assertThat(of("kafka").source().message()).contains(HERE.source(), ELSEWHERE.source(), "To keep it");
        confirm("kafka", HEAD);
        assertThat(of("kafka")).isInstanceOf(Orphan.class);
        assertThat(of("kafka").source().message()).contains(HERE.source(), ELSEWHERE.source(), "To keep it");
        assertThat(of("kafka").source().origin()).isEqualTo(HERE.source());
        // And it stays orphaned
        stored.set(
                0,
                new StoredEnsemble(
                        id("kafka"), deleted(), Optional.of(of("kafka").source()), false));
        assertThat(decide()).extracting(Change::id).containsExactly(id("solr"));
    }

    @Test
    void changedSourceTakesOverWhatItDefinesAndMayThenRemoveIt() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        defines("kafka", deleted(), "kafka.yaml");
        origin = ELSEWHERE;

        SourceStatus after = of("kafka").source();
        assertThat(of("kafka")).isInstanceOf(Accept.class);
        assertThat(after).isEqualTo(synced(ELSEWHERE, OLD, "kafka.yaml"));
        stored.clear();
        found.clear();
        files.clear();
        stores("kafka", deleted(), after);
        defines("solr", spec(3), "solr.yaml");
        assertThat(of("kafka")).isInstanceOf(Remove.class);
    }

    @Test
    void ensembleOfAnotherDaemonIsLeftAloneWhateverTheCommitSays() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        stores("solr", spec(3), synced("solr.yaml"));
        defines("other", spec(3), "other.yaml");
        violates("kafka.yaml", 1, "", "is no YAML");
        invalid.add(id("solr"));
        origin = OTHER_DAEMON;

        assertThat(decide()).extracting(Change::id).containsExactly(id("other"));
        assertThat(decided().contested()).isFalse();
    }

    @Test
    void ensembleOfAnotherDaemonIsTakenOverOnlyAfterItsRelease() {
        stores("kafka", spec(3), synced("kafka.yaml"));
        defines("kafka", spec(5), "mine.yaml");
        origin = OTHER_DAEMON;

        assertThat(decide()).isEmpty();
        assertThat(decided().contested()).isTrue();
        assertThat(decided().violations()).singleElement().satisfies(violation -> assertThat(violation.toString())
                .contains(
                        "mine.yaml",
                        HERE.source(),
                        OTHER_DAEMON.source(),
                        "deletionPolicy: Orphan",
                        "source-state=Orphaned"));

        stored.set(
                0,
                new StoredEnsemble(
                        id("kafka"), spec(3), Optional.of(synced("kafka.yaml").with("Orphaned", "gone")), false));
        assertThat(of("kafka")).isInstanceOf(Accept.class);
        assertThat(of("kafka").source().origin()).isEqualTo(OTHER_DAEMON.source());
        assertThat(of("kafka").source().installation()).isEqualTo("there");
    }

    @Test
    void theSameSourceUnderAnotherNameOfTheDaemonWritesNothing() {
        stores("kafka", spec(3), synced("kafka.yaml"));
        defines("kafka", spec(3), "kafka.yaml");
        origin = new Origin(HERE.source(), "there");

        assertThat(decide()).isEmpty();
    }

    @Test
    void ensembleOfAnOlderVersionStaysUntilItsSourceIsRecorded() {
        SourceStatus older = new SourceStatus(OLD, "kafka.yaml", "Synced", null);
        stores("kafka", deleted(), older);
        defines("solr", spec(3), "solr.yaml");

        assertThat(of("kafka")).isInstanceOf(Orphan.class);
        assertThat(of("kafka").source().message()).contains("its status records no source");

        defines("kafka", deleted(), "kafka.yaml");
        assertThat(of("kafka").source()).isEqualTo(synced("kafka.yaml"));
    }

    @Test
    void removalOfSeveralEnsemblesWaitsAndNamesTheCommand() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        stores("pinot", spec(3), synced("pinot.yaml"));
        stores("solr", spec(3), synced("solr.yaml"));
        defines("solr", spec(3), "solr.yaml");

        assertThat(decide()).hasSize(2).allSatisfy(change -> {
            assertThat(change).isInstanceOf(AwaitRemoval.class);
            assertThat(change.source().state()).isEqualTo("RemovalPending");
            assertThat(change.source().commit()).isEqualTo(OLD);
        });
        assertThat(of("kafka").source().removal()).isEqualTo(new PendingRemoval(HEAD, 2, true));
        assertThat(of("kafka").source().message())
                .contains("removes ns/kafka and 1 other ensemble", "then it is deleted", "revert")
                .contains("ensembled approve kafka -n ns --removal " + HEAD)
                .contains("annotate --overwrite zke kafka ensembled.dev/confirm-removal=" + HEAD);
        assertThat(of("pinot").source().removal()).isEqualTo(new PendingRemoval(HEAD, 2, false));
        assertThat(of("pinot").source().message()).contains("orphaned, and keeps running");
    }

    @Test
    void confirmationCountsForItsCommitAndItsEnsembleOnly() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        stores("pinot", deleted(), synced("pinot.yaml"));
        defines("solr", spec(3), "solr.yaml");
        confirm("kafka", OLD);
        assertThat(of("kafka")).isInstanceOf(AwaitRemoval.class);

        confirm("kafka", HEAD);

        assertThat(of("kafka")).isInstanceOf(Remove.class);
        assertThat(of("pinot")).isInstanceOf(AwaitRemoval.class);
    }

    @Test
    void removalWaitsForItsOwnCommitWhateverIsPushedLater() {
        SourceStatus waiting = synced("kafka.yaml").with("RemovalPending", "why", new PendingRemoval("f1rst", 2, true));
        stores("kafka", deleted(), waiting);
        stores("pinot", deleted(), synced("pinot.yaml"));
        defines("solr", spec(3), "solr.yaml");

        assertThat(of("kafka").source().removal()).isEqualTo(new PendingRemoval("f1rst", 2, true));
        assertThat(of("pinot")).as("removed alone").isInstanceOf(Remove.class);
        confirm("kafka", HEAD);
        assertThat(of("kafka")).isInstanceOf(AwaitRemoval.class);
        confirm("kafka", "f1rst");
        assertThat(of("kafka")).isInstanceOf(Remove.class);
    }

    @Test
    void waitingRemovalIsWrittenOnceAndEndsWithTheFile() {
        stores("kafka", deleted(), synced("kafka.yaml"));
        stores("pinot", deleted(), synced("pinot.yaml"));
        SourceStatus kafka = of("kafka").source();
        SourceStatus pinot = of("pinot").source();
        stored.clear();
        stores("kafka", deleted(), kafka);
        stores("pinot", deleted(), pinot);
        assertThat(decide()).isEmpty();

        defines("kafka", deleted(), "kafka.yaml");

        assertThat(of("kafka").source()).isEqualTo(synced("kafka.yaml"));
        assertThat(of("pinot")).as("still waits, and would be deleted now").isInstanceOf(AwaitRemoval.class);
    }

    @Test
    void orphaningThatBecomesADeletionNeedsAnotherConfirmation() {
        SourceStatus waiting =
                synced("kafka.yaml").with("RemovalPending", "why", new PendingRemoval("f1rst", 2, false));
        stores("kafka", deleted(), waiting);
        confirm("kafka", "f1rst");
        assertThat(of("kafka")).as("the commit defines nothing").isInstanceOf(Orphan.class);

        defines("solr", spec(3), "solr.yaml");

        assertThat(of("kafka").source().removal()).isEqualTo(new PendingRemoval(HEAD, 2, true));
    }

    private void confirm(String name, String commit) {
        stored.replaceAll(one -> one.id().equals(id(name))
                ? new StoredEnsemble(one.id(), one.spec(), one.source(), one.edited(), Optional.of(commit))
                : one);
    }

    private Change of(String name) {
        return decide().stream()
                .filter(change -> change.id().equals(id(name)))
                .findFirst()
                .orElseThrow();
    }

    private List<Change> decide() {
        return decided().changes();
    }

    private AcceptanceResult decided() {
        Set<String> invalidPaths = new HashSet<>();
        violations.forEach(one -> invalidPaths.add(one.file()));
        ParsedCommit parsed = new ParsedCommit(found, violations, invalid, invalidPaths, List.of(), files);
        return Acceptance.decide(new Commit(HEAD, origin, unread), parsed, stored, gone -> {
            Map<EnsembleId, Violation> left = new HashMap<>(leftovers);
            left.keySet().retainAll(gone.stream().map(Leftover::id).toList());
            return left;
        });
    }

    private void defines(String name, EnsembleSpec spec, String path) {
        defines(id(name), spec, path);
    }

    private void defines(EnsembleId id, EnsembleSpec spec, String path) {
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.getMetadata().setNamespace(id.namespace());
        resource.getMetadata().setName(id.name());
        resource.setSpec(spec);
        found.add(new Found(resource, path));
        files.put(path, true);
    }

    private void stores(String name, EnsembleSpec spec, SourceStatus source) {
        stored.add(new StoredEnsemble(id(name), spec, Optional.of(source), false));
    }

    private void violates(String file, int line, String field, String message) {
        violations.add(new Violation(file, line, 1, field, message));
    }

    private static SourceStatus synced(String path) {
        return synced(HERE, OLD, path);
    }

    private static SourceStatus synced(Origin origin, String commit, String path) {
        return by(origin, commit, path, "Synced", null);
    }

    private static SourceStatus by(Origin origin, String commit, String path, String state, String message) {
        return new SourceStatus(commit, path, state, message, origin.source(), origin.installation());
    }

    private static EnsembleId id(String name) {
        return new EnsembleId("ns", name);
    }

    private static EnsembleSpec spec(int voters) {
        return SpecSketch.of(voters).build();
    }

    private static EnsembleSpec deleted() {
        return SpecSketch.of(3).deletionPolicy(DeletionPolicy.Delete).build();
    }
}
