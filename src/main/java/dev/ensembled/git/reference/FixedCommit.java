package dev.ensembled.git.reference;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.RefSpec;

/**
 * One commit, which need not be on a branch.
 *
 * @param name the full id of the commit, in lower case
 */
public record FixedCommit(String name) implements Reference {
    private static final int SHA_256 = 64;

    public FixedCommit {
        name = name.toLowerCase(Locale.ROOT);
        if (!name.matches("[0-9a-f]+")) {
            throw new IllegalArgumentException("invalid commit id \"" + name
                    + "\": expected the 40 hexadecimal characters of a commit, as \"git rev-parse\" prints them");
        }
        if (name.length() == SHA_256) {
            throw new IllegalArgumentException("the commit id " + name
                    + " is of a repository in the object format SHA-256, which is not supported: use a repository in the"
                    + " SHA-1 object format");
        }
        if (name.length() != Constants.OBJECT_ID_STRING_LENGTH) {
            throw new IllegalArgumentException("the commit id " + name + " has " + name.length()
                    + " characters: write all 40 of them, as \"git rev-parse " + name
                    + "\" prints them; an abbreviated id may become ambiguous");
        }
    }

    @Override
    public String kind() {
        return "commit";
    }

    @Override
    public String origin() {
        return "commit=" + name;
    }

    /** What is transferred of a commit is also of use for another commit. */
    @Override
    public String cloneName() {
        return kind();
    }

    /** A short list, since it is not used. */
    @Override
    public RefSpec listed() {
        return new RefSpec(Constants.HEAD);
    }

    @Override
    public RefSpec alternatives() {
        return listed();
    }

    @Override
    public Optional<Tip> fixed() {
        ObjectId commit = ObjectId.fromString(name);
        return Optional.of(new Tip(name, commit, commit));
    }

    @Override
    public Optional<Tip> find(Collection<Ref> refs) {
        return fixed();
    }

    @Override
    public NotFound notFound(Collection<String> refs) {
        return new NotFound(
                "Commit " + name + " not found",
                "",
                "Check the id with \"git rev-parse\", and push a branch or a tag that contains the commit.");
    }

    /** The configuration says which commit it is, so nothing else can have changed it. */
    @Override
    public Movement movement(String commit, Optional<String> tag, Tip next) {
        return Movement.forward(List.of());
    }

    /** The commit may be pushed to any ref. */
    @Override
    public boolean movesWith(String ref) {
        return true;
    }
}
