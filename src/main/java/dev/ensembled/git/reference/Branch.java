package dev.ensembled.git.reference;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.RefSpec;

/**
 * The newest commit of a branch.
 *
 * @param name the name of the branch, without {@code refs/heads/}
 */
public record Branch(String name) implements Reference {
    public Branch {
        if (!Repository.isValidRefName(Constants.R_HEADS + name) || name.startsWith(Constants.R_REFS)) {
            throw new IllegalArgumentException(
                    "invalid branch name \"" + name + "\": expected a name such as \"main\", without refs/heads/");
        }
    }

    @Override
    public String kind() {
        return "branch";
    }

    @Override
    public String origin() {
        return "ref=" + name;
    }

    @Override
    public RefSpec listed() {
        return new RefSpec(ref());
    }

    @Override
    public RefSpec alternatives() {
        return new RefSpec(Constants.R_HEADS + "*:" + Constants.R_HEADS + "*");
    }

    @Override
    public Optional<Tip> find(Collection<Ref> refs) {
        return refs.stream()
                .filter(ref -> ref.getName().equals(ref()) && ref.getObjectId() != null)
                .findFirst()
                .map(ref -> new Tip(ref(), ref.getObjectId(), ref.getObjectId()));
    }

    @Override
    public NotFound notFound(Collection<String> refs) {
        String what = "Branch \"" + name + "\" not found";
        List<String> branches = Reference.below(Constants.R_HEADS, refs);
        return branches.isEmpty()
                ? new NotFound(what, "; the repository has no branches", "Push a commit to this branch.")
                : new NotFound(
                        what,
                        "",
                        "Push this branch, or configure an existing branch: " + NotFound.some(branches) + ".");
    }

    @Override
    public Movement movement(String commit, Optional<String> tag, Tip next) {
        return Movement.ofHistory();
    }

    @Override
    public String cloneRef() {
        return ref();
    }

    private String ref() {
        return Constants.R_HEADS + name;
    }

    @Override
    public boolean movesWith(String ref) {
        return ref.equals(Constants.R_HEADS + name);
    }
}
