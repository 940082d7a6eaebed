package dev.ensembled.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FileUtils;
import org.jboss.logging.Logger;

/**
 * The bare copy of the branch on disk. It only saves transfers: whenever it is in doubt it is thrown away and fetched again.
 * Used by one thread at a time.
 */
final class LocalClone {
    private static final Logger LOG = Logger.getLogger(LocalClone.class);

    /** Each fetch adds a pack; starting over is simpler than collecting garbage, and costs one shallow fetch. */
    private static final int MOST_PACKS = 50;

    private final File directory;

    LocalClone(Path cacheDirectory) {
        this.directory = cacheDirectory.resolve("clone.git").toFile();
    }

    /** Opens it; makes a new one if there is none, or none that is usable. */
    Repository open() throws IOException {
        try {
            Repository repository = existing();
            if (packs() <= MOST_PACKS) {
                return repository;
            }
            repository.close();
            LOG.debugf("git clone renewed reason=\"many packs\"");
        } catch (RepositoryNotFoundException e) {
            LOG.debugf("git clone created directory=%s", directory);
        } catch (IOException | RuntimeException e) {
            LOG.warnf("git clone discarded directory=%s reason=\"%s\"", directory, e);
        }
        return renew();
    }

    /** Throws away what is there, and makes a new one. */
    Repository renew() throws IOException {
        FileUtils.delete(directory, FileUtils.RECURSIVE | FileUtils.SKIP_MISSING | FileUtils.RETRY);
        Repository repository = builder().build();
        repository.create(true);
        repository.getConfig().setInt("gc", null, "auto", 0);
        repository.getConfig().setInt("gc", null, "autoPackLimit", 0);
        repository.getConfig().setBoolean("gc", null, "autoDetach", false);
        repository.getConfig().save();
        return repository;
    }

    /** Opens it as it is. */
    Repository existing() throws IOException {
        Repository repository = builder().setMustExist(true).build();
        repository.resolve(Constants.HEAD);
        return repository;
    }

    private FileRepositoryBuilder builder() {
        return new FileRepositoryBuilder().setBare().setGitDir(directory);
    }

    /** Whether nothing was ever transferred into it. */
    boolean isEmpty() {
        return packs() == 0;
    }

    private int packs() {
        String[] names = new File(directory, "objects/pack").list((parent, name) -> name.endsWith(".pack"));
        return names == null ? 0 : names.length;
    }
}
