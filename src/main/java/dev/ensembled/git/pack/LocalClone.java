package dev.ensembled.git.pack;

import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FileUtils;
import org.jboss.logging.Logger;

/**
 * The bare clone of the newest commit on disk. It only saves transfers: in any doubt it is deleted and fetched again. Used by one
 * thread at a time.
 */
public final class LocalClone {
    private static final Logger LOG = Logger.getLogger(LocalClone.class);

    /** Each fetch adds a pack; a new clone is simpler than a garbage collection, and costs one shallow fetch. */
    private static final int MOST_PACKS = 50;

    private static final String SECTION = "ensembled";

    private final File directory;
    private final PackLimits limits;
    private final String contents;

    /**
     * Creates a clone in a directory.
     *
     * @param contents identifies the repository, reference and path; a clone with other contents is deleted
     */
    LocalClone(Path cacheDirectory, PackLimits limits, String contents) {
        this.directory = cacheDirectory.resolve("clone.git").toFile();
        this.limits = limits;
        this.contents = contents;
    }

    /** Returns the clone of a source. */
    public static LocalClone of(GitSettings settings) {
        return new LocalClone(
                settings.cacheDirectory(),
                PackLimits.ofThisProcess(),
                settings.url() + " " + settings.reference().cloneName() + " " + settings.path());
    }

    /** Opens the clone; creates a new clone if there is none that can be used. */
    public Repository open() throws IOException {
        try {
            Repository repository = existing();
            boolean same = contents.equals(repository.getConfig().getString(SECTION, null, "contents"));
            if (same && packs().length <= MOST_PACKS && bytes() <= limits.bytes()) {
                return repository;
            }
            repository.close();
            LogEntry.of("git clone replaced")
                    .with(LogKey.REASON, same ? "size limit reached" : "repository or path changed")
                    .debug(LOG);
        } catch (RepositoryNotFoundException e) {
            LogEntry.of("git clone created").with(LogKey.DIRECTORY, directory).debug(LOG);
        } catch (IOException | RuntimeException e) {
            LogEntry.of("git clone discarded")
                    .with(LogKey.DIRECTORY, directory)
                    .with(LogKey.REASON, DisplayText.oneLine(e.toString()))
                    .warn(LOG);
        }
        return renew();
    }

    /** Deletes the clone and creates a new, empty clone. */
    public Repository renew() throws IOException {
        delete(directory);
        Repository repository = new CloneRepository(builder().setup(), limits);
        repository.create(true);
        repository.getConfig().setString(SECTION, null, "contents", contents);
        repository.getConfig().setInt("gc", null, "auto", 0);
        repository.getConfig().setInt("gc", null, "autoPackLimit", 0);
        repository.getConfig().setBoolean("gc", null, "autoDetach", false);
        repository.getConfig().save();
        return repository;
    }

    /** Opens the existing clone, and never replaces it. */
    public Repository existing() throws IOException {
        Repository repository = new CloneRepository(builder().setup(), limits);
        if (!repository.getObjectDatabase().exists()) {
            repository.close();
            throw new RepositoryNotFoundException(directory);
        }
        repository.resolve(Constants.HEAD);
        return repository;
    }

    private FileRepositoryBuilder builder() {
        return new FileRepositoryBuilder().setBare().setGitDir(directory);
    }

    /** Whether the clone has no packs. */
    public boolean isEmpty() {
        return packs().length == 0;
    }

    /** The extent of the last transfer; objects outside of it were left out on purpose. */
    public static FetchFilter extent(Repository clone) {
        String recorded = clone.getConfig().getString(SECTION, null, "extent");
        return Arrays.stream(FetchFilter.values())
                .filter(extent -> extent.name().equals(recorded))
                .findFirst()
                .orElse(FetchFilter.EVERYTHING);
    }

    static void extent(Repository clone, FetchFilter extent) throws IOException {
        clone.getConfig().setString(SECTION, null, "extent", extent.name());
        clone.getConfig().save();
    }

    /** Opens an empty repository beside the clone that reads its objects, for one question; replaces what was there. */
    static Repository beside(Repository clone, PackLimits limits) throws IOException {
        deleteBeside(clone);
        FileRepositoryBuilder place = new FileRepositoryBuilder()
                .setBare()
                .setGitDir(besideOf(clone))
                .addAlternateObjectDirectory(new File(clone.getDirectory(), "objects"));
        Repository repository = new CloneRepository(place.setup(), limits);
        repository.create(true);
        return repository;
    }

    static void deleteBeside(Repository clone) throws IOException {
        delete(besideOf(clone));
    }

    private static File besideOf(Repository clone) {
        return new File(clone.getDirectory().getParentFile(), "history.git");
    }

    private static void delete(File directory) throws IOException {
        FileUtils.delete(directory, FileUtils.RECURSIVE | FileUtils.SKIP_MISSING | FileUtils.RETRY);
    }

    private File[] packs() {
        File[] packs = new File(directory, "objects/pack").listFiles((parent, name) -> name.endsWith(".pack"));
        return packs == null ? new File[0] : packs;
    }

    private long bytes() {
        return Arrays.stream(packs()).mapToLong(File::length).sum();
    }
}
