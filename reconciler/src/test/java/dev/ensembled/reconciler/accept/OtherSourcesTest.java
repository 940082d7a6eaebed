package dev.ensembled.reconciler.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.accept.Change.Accept;
import dev.ensembled.reconciler.accept.Change.AwaitRemoval;
import dev.ensembled.reconciler.accept.Change.Hold;
import dev.ensembled.reconciler.accept.Change.Orphan;
import dev.ensembled.reconciler.accept.Change.Remove;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a commit changes if the installation follows other sources, too. */
class OtherSourcesTest {
    private static final String MAIN = "https://git/main?ref=main";
    private static final String TEAM = "https://git/team?ref=main";
    private static final Origin OF_MAIN = new Origin(MAIN, "here", "default", Map.of("team", TEAM));
    private static final Origin OF_TEAM = new Origin(TEAM, "here", "team", Map.of("default", MAIN));
    private static final EnsembleId KAFKA = new EnsembleId("prod", "kafka");
    private static final EnsembleId SOLR = new EnsembleId("prod", "solr");

    private final List<StoredEnsemble> stored = new ArrayList<>();
    private final List<SourceFile> files = new ArrayList<>();
    private SourceContext context = SourceContext.NONE;

    @Test
    void acceptedEnsembleNamesItsSource() {
        defines("kafka", 3, "Orphan");

        assertThat(only(OF_TEAM)).isInstanceOf(Accept.class);
        assertThat(only(OF_TEAM).source().installation()).isEqualTo("here/team");
        assertThat(only(OF_MAIN).source().installation()).isEqualTo("here");
    }

    @Test
    void ensembleOfAnotherSourceIsLeftAlone() {
        stores(KAFKA, "Delete", synced(OF_MAIN, "kafka.yaml"));
        defines("solr", 3, "Orphan");

        assertThat(decide(OF_TEAM).changes()).extracting(Change::id).containsExactly(SOLR);
    }

    @Test
    void ensembleOfAnotherSourceIsNotTakenOver() {
        stores(KAFKA, "Delete", synced(OF_MAIN, "prod/kafka.yaml"));
        defines("kafka", 5, "Orphan");

        AcceptanceResult decided = decide(OF_TEAM);

        assertThat(decided.changes()).isEmpty();
        assertThat(decided.contested()).isTrue();
        assertThat(decided.violations())
                .singleElement()
                .extracting(Violation::toString)
                .asString()
                .startsWith("kafka.yaml:1:1: metadata.name: the ensemble prod/kafka was accepted by the source default,"
                        + " prod/kafka.yaml of " + MAIN + ", and is not taken over by the source team, " + TEAM);
    }

    @Test
    void ownerHoldsAnEnsembleThatAnotherSourceDefines() {
        stores(KAFKA, "Delete", synced(OF_MAIN, "kafka.yaml"));
        defines("kafka", 5, "Delete");
        teamDefines(KAFKA, true);

        AcceptanceResult decided = decide(OF_MAIN);

        assertThat(decided.violations())
                .singleElement()
                .extracting(Violation::message)
                .asString()
                .contains("the source default, kafka.yaml of " + MAIN, "the source team, theirs.yaml of " + TEAM)
                .endsWith(
                        "the source default accepted it, and no change of it is accepted until only one remains: remove"
                                + " one of them");
        assertThat(decided.changes()).singleElement().isInstanceOf(Hold.class);
        assertThat(only(OF_MAIN).source().message()).contains("theirs.yaml");
        stored.set(
                0,
                new StoredEnsemble(
                        KAFKA, spec("Delete"), Optional.of(only(OF_MAIN).source()), false));
        assertThat(decide(OF_MAIN).changes()).isEmpty();
        context = SourceContext.NONE;
        assertThat(only(OF_MAIN)).isInstanceOf(Accept.class);
    }

    @Test
    void newEnsembleOfTwoSourcesIsNotAccepted() {
        defines("kafka", 3, "Orphan");
        teamDefines(KAFKA, true);

        assertThat(decide(OF_MAIN).changes()).isEmpty();
        assertThat(decide(OF_MAIN).violations())
                .singleElement()
                .extracting(Violation::message)
                .asString()
                .contains("no definition is used until only one remains");
    }

    @Test
    void refusedDocumentDoesNotCompete() {
        defines("kafka", 3, "Orphan");
        teamDefines(KAFKA, false);

        assertThat(only(OF_MAIN)).isInstanceOf(Accept.class);
    }

    @Test
    void ensembleThatAnotherSourceDefinesIsNotRemoved() {
        stores(KAFKA, "Delete", synced(OF_MAIN, "kafka.yaml"));
        defines("solr", 3, "Orphan");
        teamDefines(KAFKA, false);

        Change change = of(KAFKA, OF_MAIN);

        assertThat(change).isInstanceOf(Orphan.class);
        assertThat(change.source().message()).contains("not removed: another source defines it (source team");
        context = SourceContext.NONE;
        assertThat(of(KAFKA, OF_MAIN)).isInstanceOf(Remove.class);
    }

    @Test
    void orphanedEnsembleIsTakenOverByAnotherSource() {
        stores(KAFKA, "Delete", synced(OF_MAIN, "kafka.yaml").with("Orphaned", "gone"));
        defines("kafka", 3, "Delete");

        assertThat(only(OF_TEAM)).isInstanceOf(Accept.class);
        assertThat(only(OF_TEAM).source().installation()).isEqualTo("here/team");
    }

    @Test
    void sourceWithAnotherUrlRemovesNothing() {
        Origin moved = new Origin("https://git/new?ref=main", "here", "team", Map.of("default", MAIN));
        stores(KAFKA, "Delete", synced(OF_TEAM, "kafka.yaml"));
        defines("solr", 3, "Orphan");

        assertThat(of(KAFKA, moved)).isInstanceOf(AwaitRemoval.class);
        assertThat(of(KAFKA, moved).source().message()).contains(TEAM, moved.source());
        Origin main = new Origin(MAIN, "here", "default", Map.of("team", moved.source()));
        assertThat(decide(main).changes()).extracting(Change::id).containsExactly(SOLR);
    }

    @Test
    void exchangedUrlsExchangeTheOwners() {
        Origin main = new Origin(TEAM, "here", "default", Map.of("team", MAIN));
        Origin team = new Origin(MAIN, "here", "team", Map.of("default", TEAM));
        stores(KAFKA, "Delete", synced(OF_MAIN, "kafka.yaml"));
        defines("kafka", 3, "Delete");

        assertThat(decide(main).changes()).isEmpty();
        assertThat(only(team).source()).isEqualTo(synced(team, "kafka.yaml"));
    }

    @Test
    void ensembleOfARemovedSourceIsHeldAlikeByAll() {
        Origin removed = new Origin("https://git/old?ref=main", "here", "old", Map.of());
        stores(KAFKA, "Delete", synced(removed, "kafka.yaml"));
        defines("solr", 3, "Orphan");

        assertThat(of(KAFKA, OF_MAIN)).isInstanceOf(Hold.class).isEqualTo(of(KAFKA, OF_TEAM));
        stored.set(
                0,
                new StoredEnsemble(
                        KAFKA, spec("Delete"), Optional.of(of(KAFKA, OF_MAIN).source()), false));
        assertThat(decide(OF_TEAM).changes()).extracting(Change::id).containsExactly(SOLR);
    }

    @Test
    void ensembleOfARemovedSourceIsTakenOverWhereItIsDefined() {
        Origin removed = new Origin("https://git/old?ref=main", "here", "old", Map.of());
        stores(KAFKA, "Delete", synced(removed, "kafka.yaml"));
        defines("kafka", 3, "Delete");

        assertThat(only(OF_TEAM)).isInstanceOf(Accept.class);
    }

    @Test
    void renamedSourceKeepsItsEnsembles() {
        Origin renamed = new Origin(TEAM, "here", "new-name", Map.of("default", MAIN));
        stores(KAFKA, "Delete", synced(OF_TEAM, "kafka.yaml"));
        defines("kafka", 3, "Delete");

        assertThat(only(renamed).source()).isEqualTo(synced(renamed, "kafka.yaml"));
        files.clear();
        defines("solr", 3, "Orphan");
        assertThat(of(KAFKA, renamed)).isInstanceOf(Remove.class);
    }

    @Test
    void ensembleOutsideOfTheNamespacesIsNotRemoved() {
        stores(KAFKA, "Delete", synced(OF_TEAM, "kafka.yaml"));
        defines("solr", 3, "Orphan");
        context = new SourceContext(Set.of("other"), Map.of());

        assertThat(of(KAFKA, OF_TEAM)).isInstanceOf(Orphan.class);
        assertThat(of(KAFKA, OF_TEAM).source().message()).contains("the source team may not touch the namespace prod");
    }

    @Test
    void ensembleWithoutARecordedSourceIsLeftToTheDefault() {
        stores(KAFKA, "Orphan", new SourceStatus("0ld", "kafka.yaml", "Synced", null));
        defines("solr", 3, "Orphan");

        assertThat(decide(OF_TEAM).changes()).extracting(Change::id).containsExactly(SOLR);
        assertThat(of(KAFKA, OF_MAIN)).isInstanceOf(Orphan.class);
    }

    private Change only(Origin origin) {
        List<Change> changes = decide(origin).changes();
        assertThat(changes).hasSize(1);
        return changes.get(0);
    }

    private Change of(EnsembleId id, Origin origin) {
        return decide(origin).changes().stream()
                .filter(change -> change.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private AcceptanceResult decide(Origin origin) {
        ParsedCommit parsed = new SpecReader("prod", Set.of()).read(files);
        assertThat(parsed.violations()).isEmpty();
        return Acceptance.decide(new Commit("4ead", origin, Set.of(), context), parsed, stored, gone -> Map.of());
    }

    private void teamDefines(EnsembleId id, boolean valid) {
        context = new SourceContext(Set.of(), Map.of(id, new Definition("team", TEAM, "theirs.yaml", valid)));
    }

    private void defines(String name, int voters, String policy) {
        files.add(SourceFile.of(name + ".yaml", yaml(name, voters, policy)));
    }

    private static String yaml(String name, int voters, String policy) {
        return """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata: {name: %s}
                spec: {version: 3.9.5, voters: %d, deletionPolicy: %s}
                """
                .formatted(name, voters, policy);
    }

    private void stores(EnsembleId id, String policy, SourceStatus source) {
        stored.add(new StoredEnsemble(id, spec(policy), Optional.of(source), false));
    }

    private static EnsembleSpec spec(String policy) {
        return new SpecReader("prod", Set.of())
                .read(List.of(SourceFile.of("kafka.yaml", yaml("kafka", 3, policy)))).ensembles().stream()
                        .map(Found::resource)
                        .map(ZooKeeperEnsemble::getSpec)
                        .findFirst()
                        .orElseThrow();
    }

    private static SourceStatus synced(Origin origin, String path) {
        return new SourceStatus("0ld", path, "Synced", null, origin.source(), origin.owner());
    }
}
