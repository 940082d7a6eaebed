package dev.ensembled.git.reference;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.RefSpec;

/**
 * The commit of a tag. A tag that is moved is followed, and reported.
 *
 * @param name the name of the tag, without {@code refs/tags/}
 */
public record Tag(String name) implements Reference {
    public Tag {
        if (!Repository.isValidRefName(Constants.R_TAGS + name) || name.startsWith(Constants.R_REFS)) {
            throw new IllegalArgumentException(
                    "invalid tag name \"" + name + "\": expected a name such as \"v1.2.0\", without refs/tags/");
        }
    }

    @Override
    public String kind() {
        return "tag";
    }

    @Override
    public String origin() {
        return "tag=" + name;
    }

    @Override
    public RefSpec listed() {
        return new RefSpec(Constants.R_TAGS + name);
    }

    @Override
    public RefSpec alternatives() {
        return Reference.allTags();
    }

    @Override
    public Optional<Tip> find(Collection<Ref> refs) {
        return refs.stream()
                .filter(ref -> ref.getName().equals(Constants.R_TAGS + name) && ref.getObjectId() != null)
                .findFirst()
                .map(Tip::of);
    }

    @Override
    public NotFound notFound(Collection<String> refs) {
        String what = "Tag \"" + name + "\" not found";
        List<String> tags = Reference.below(Constants.R_TAGS, refs);
        return tags.isEmpty()
                ? new NotFound(what, "; the repository has no tags", "Push this tag: git push origin " + name + ".")
                : new NotFound(what, "", "Push this tag, or configure an existing tag: " + NotFound.some(tags) + ".");
    }

    @Override
    public Movement movement(String commit, Optional<String> tag, Tip next) {
        return Movement.forward(List.of(Movement.moved(name, commit, next)));
    }

    @Override
    public boolean followsTags() {
        return true;
    }

    @Override
    public boolean movesWith(String ref) {
        return ref.equals(Constants.R_TAGS + name);
    }
}
