package dev.ensembled.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.GitState;
import dev.ensembled.git.reference.Branch;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FrameTest {

    @Test
    void heldEnsemblesAndIgnoredFilesAreShownWithTheReason() {
        List<String> lines = Frame.git(Map.of(
                "default",
                state(
                        List.of("a/\u001b[31mx.yaml:1:1: ignored: kind ConfigMap, not ZooKeeperEnsemble"),
                        new GitState.Ensemble(
                                new EnsembleId("streaming", "kafka"),
                                new SourceStatus("abc", "kafka\nFORGED.yaml", "Orphaned", "Its file is gone"),
                                Optional.empty()),
                        new GitState.Ensemble(
                                new EnsembleId("search", "solr"),
                                new SourceStatus("abc", "solr.yaml", "Synced", null),
                                Optional.empty()),
                        new GitState.Ensemble(
                                new EnsembleId("search", "full"),
                                new SourceStatus(null, "full.yaml", null, null),
                                Optional.of("no space left")))));

        assertThat(lines)
                .containsExactly(
                        "Git: 0123456789 Fix?it",
                        "  streaming/kafka (kafka?FORGED.yaml) is Orphaned: Its file is gone",
                        "  search/full (full.yaml) is not stored: no space left",
                        "  note: a/?[31mx.yaml:1:1: ignored: kind ConfigMap, not ZooKeeperEnsemble");
        assertThat(Frame.of(new TreeMap<>(), lines)).isEqualTo(lines);
    }

    @Test
    void severalSourcesAreShownByTheirNames() {
        Map<String, GitState> sources = new TreeMap<>(Map.of("default", state(List.of()), "team", state(List.of())));

        assertThat(Frame.git(sources))
                .containsExactly("Git source default: 0123456789 Fix?it", "Git source team: 0123456789 Fix?it");
    }

    @Test
    void manyNotesAreShownAsANumber() {
        assertThat(Frame.git(Map.of("default", state(java.util.Collections.nCopies(25, "note")))))
                .hasSize(22)
                .last()
                .isEqualTo("  and 5 more notes");
    }

    private static GitState state(List<String> notes, GitState.Ensemble... ensembles) {
        return new GitState(
                "file:///config.git",
                new Branch("main"),
                "",
                Optional.of(new GitState.Commit("0123456789abcdef", Instant.EPOCH, "Fix\nit")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                notes,
                List.of(),
                List.of(ensembles));
    }
}
