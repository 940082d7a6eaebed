package dev.ensembled.git.reference;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.RefSpec;

/**
 * What the Git source follows. The kinds have the names of Flux's {@code GitRepository}: branch, tag, semver, commit. An
 * invalid reference causes an {@link IllegalArgumentException} that says what to write instead.
 */
public sealed interface Reference permits Branch, Tag, VersionRange, FixedCommit {
    /** The commit of the clone that was transferred last, for references that are no branch. */
    String CLONE_REF = "refs/ensembled/followed";

    /** The kind, as in the name of its setting. */
    String kind();

    /** The reference as it is configured. */
    String name();

    /**
     * The part of a source's identity that is recorded with each ensemble. It differs between kinds and names, because an
     * ensemble that is absent from another reference must not be removed (docs/invariants.md, rule 9).
     */
    String origin();

    /** Which refs to ask a server for, to find the commit. */
    RefSpec listed();

    /** Which refs to ask a server for, to say what exists instead. */
    RefSpec alternatives();

    /** The commit, if it is known without a list of refs. */
    default Optional<Tip> fixed() {
        return Optional.empty();
    }

    /** Finds the commit in a list of refs, which may contain other refs too; empty if it is not there. */
    Optional<Tip> find(Collection<Ref> refs);

    /** Says that the commit is not there, given the names of all refs of {@link #alternatives}. */
    NotFound notFound(Collection<String> refs);

    /**
     * What it means to accept a commit after another one.
     *
     * @param commit the last accepted commit of this reference, not the same as the next
     * @param tag the tag from which it was accepted
     */
    Movement movement(String commit, Optional<String> tag, Tip next);

    /** Whether the commit is that of a tag, which may be signed. */
    default boolean followsTags() {
        return false;
    }

    /** What people should know about a commit while it is followed. */
    default List<String> notes(Tip followed) {
        return List.of();
    }

    /** Whether a push to this ref may change which commit is followed. */
    boolean movesWith(String ref);

    /** The ref in the local clone that points to the commit that was transferred last. */
    default String cloneRef() {
        return CLONE_REF;
    }

    /** Identifies clones: two references with the same one can use the same clone. */
    default String cloneName() {
        return text();
    }

    /** The reference for messages, such as {@code branch "main"}. */
    default String text() {
        return kind() + " \"" + name() + "\"";
    }

    /** The names below a prefix, without it. */
    static List<String> below(String prefix, Collection<String> refs) {
        return refs.stream()
                .filter(ref -> ref.startsWith(prefix))
                .map(ref -> ref.substring(prefix.length()))
                .sorted()
                .toList();
    }

    /** The spec for all tags. */
    static RefSpec allTags() {
        return new RefSpec(Constants.R_TAGS + "*:" + Constants.R_TAGS + "*");
    }
}
