package dev.ensembled.git.growth;

import dev.ensembled.git.ConfigRepo;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A file of a commit, and what docs/git.md says about it.
 *
 * @param kind how it is stored, and whether it is ours
 * @param content its bytes, one for each character; of a link its target
 * @param valid the ensembles that its documents define
 * @param refused the ensembles that its invalid documents name
 * @param mentioned the ensemble that it mentions without defining it
 */
record RandomFile(
        Kind kind, String content, List<Definition> valid, Set<EnsembleId> refused, Optional<EnsembleId> mentioned) {
    enum Kind {
        /** Defines ensembles. */
        VALID,
        /** Declares our kind, and has a violation. */
        INVALID,
        /** Does not declare our kind. */
        OTHER,
        BLANK,
        LINK,
        SUBMODULE
    }

    /** An ensemble as a document defines it. */
    record Definition(EnsembleId id, int voters, boolean delete) {
        String document() {
            return """
                    apiVersion: ensembled.dev/v1alpha1
                    kind: ZooKeeperEnsemble
                    metadata: {name: %s, namespace: %s}
                    spec: {version: 3.9.5, voters: %d, deletionPolicy: %s}
                    """
                    .formatted(id.name(), id.namespace(), voters, delete ? "Delete" : "Orphan");
        }
    }

    static RandomFile valid(List<Definition> all) {
        String text = all.stream().map(Definition::document).collect(Collectors.joining("---\n"));
        return new RandomFile(Kind.VALID, text, all, Set.of(), Optional.empty());
    }

    /** A file with an invalid document; its name counts if it can be read. */
    static RandomFile invalid(String text, Optional<EnsembleId> named) {
        return new RandomFile(Kind.INVALID, text, List.of(), named.map(Set::of).orElse(Set.of()), Optional.empty());
    }

    static RandomFile other(String content) {
        return of(Kind.OTHER, content);
    }

    /** A file of another kind, with the text of an ensemble in it. */
    static RandomFile mentioning(EnsembleId id, String text) {
        return new RandomFile(Kind.OTHER, text, List.of(), Set.of(), Optional.of(id));
    }

    static RandomFile of(Kind kind, String content) {
        return new RandomFile(kind, content, List.of(), Set.of(), Optional.empty());
    }

    boolean declares() {
        return kind == Kind.VALID || kind == Kind.INVALID;
    }

    void writeTo(ConfigRepo repo, String path) {
        switch (kind) {
            case LINK -> repo.link(path, content);
            case SUBMODULE -> repo.submodule(path);
            default -> repo.write(path, content.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
