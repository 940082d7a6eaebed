package dev.ensembled.git.failure;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;

/** Creates the error that the branch does not exist, with the branches that do. */
public final class MissingBranch {
    private static final int SHOWN = 10;

    private MissingBranch() {}

    public static SourceFailedException of(GitSettings settings, Collection<String> refs) {
        List<String> branches = refs.stream()
                .filter(name -> name.startsWith(Constants.R_HEADS))
                .map(name -> name.substring(Constants.R_HEADS.length()))
                .sorted()
                .toList();
        String what = "Branch \"" + settings.branch() + "\" not found in repository " + settings.url();
        if (branches.isEmpty()) {
            return new SourceFailedException(
                    what + "; the repository has no branches", "Push a commit to this branch.");
        }
        String listed = branches.stream().limit(SHOWN).collect(Collectors.joining(", "));
        String rest = branches.size() > SHOWN ? " and " + (branches.size() - SHOWN) + " more" : "";
        return new SourceFailedException(
                what, "Push this branch, or configure an existing branch: " + listed + rest + ".");
    }
}
