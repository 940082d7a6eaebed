package dev.ensembled.git;

import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.transport.HttpClients;
import dev.ensembled.git.tree.CommitFiles;
import java.nio.file.Path;

/**
 * Reads single commits of the repository of a source, such as the head of a pull request, under the same limits. They are
 * shown and never applied: neither a signature nor a history is required. They have a clone of their own, so that nothing that
 * they contain can get into the clone of the source. Used by one thread.
 */
public final class SingleCommits {
    private static final String DIRECTORY = "single-commits";

    private final GitSettings settings;
    private final Path clone;
    private final HttpClients clients;

    public SingleCommits(GitSettings settings) {
        this.settings = settings;
        this.clone = settings.cacheDirectory().resolve(DIRECTORY);
        this.clients = HttpClients.of(settings);
    }

    /**
     * Reads the files of a commit.
     *
     * @param commit its full id
     * @throws SourceFailedException if it could not be read within the configured timeout, plus two seconds at most
     * @throws InterruptedException if the calling thread was interrupted
     */
    public CommitFiles read(String commit) throws SourceFailedException, InterruptedException {
        return new GitRepository(settings.ofCommit(commit, clone), AcceptedCommits.none(), clients).fetch(() -> {});
    }
}
