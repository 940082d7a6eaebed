package dev.ensembled.git.reference;

import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;

/**
 * What a reference points to at one time.
 *
 * @param ref the full name of the branch or tag; the id for a commit that is followed by its id
 * @param object the object to which the ref points: a commit, or the tag object of an annotated tag
 * @param commit the commit, which is the object itself or the target of the tag object
 */
public record Tip(String ref, ObjectId object, ObjectId commit) {

    static Tip of(Ref ref) {
        ObjectId peeled = ref.getPeeledObjectId();
        return new Tip(ref.getName(), ref.getObjectId(), peeled == null ? ref.getObjectId() : peeled);
    }

    /** The name of the tag; empty if the ref is no tag. */
    public Optional<String> tag() {
        return ref.startsWith(Constants.R_TAGS)
                ? Optional.of(ref.substring(Constants.R_TAGS.length()))
                : Optional.empty();
    }

    /** What to request from a server. */
    public Ref wanted() {
        return new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, ref, object);
    }
}
