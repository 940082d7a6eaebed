package dev.ensembled.git.tree;

import dev.ensembled.git.pack.FetchFilter;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.signature.Verdict.Verified;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Reads the YAML files of one commit from the object store. There is no checkout, so that no link, filter or hook of a
 * repository can reach the file system. An instance reads one commit, once.
 */
public final class TreeReader {
    public static final int LARGEST_FILE = YamlText.MAX_BYTES;
    /** Of a file that is larger, not even the beginning is read. */
    static final long LARGEST_SEEN = 4L * 1024 * 1024;

    public static final int MOST_FILES = 10_000;
    public static final long MOST_BYTES = 32L * 1024 * 1024;
    private static final int MOST_ENTRIES = 1_000_000;
    private static final int LONGEST_PATH = 1_024;
    private static final int LONGEST_LINK = 4_096;

    private static final Pattern YAML = Pattern.compile("\\.ya?ml$", Pattern.CASE_INSENSITIVE);

    private final ObjectReader objects;
    private final RevCommit commit;
    private final String path;
    private final List<SourceFile> files = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> unread = new HashSet<>();
    private final boolean leftOut;
    private long bytes;
    private int entries;

    /**
     * Creates a reader for one commit.
     *
     * @param leftOut whether a file that is missing was left out because of its size
     */
    public TreeReader(ObjectReader objects, RevCommit commit, String path, boolean leftOut) {
        this.objects = objects;
        this.commit = commit;
        this.path = path;
        this.leftOut = leftOut;
    }

    /**
     * Reads the files.
     *
     * @param signer who signed the commit, for the result
     */
    public CommitFiles read(Optional<Verified> signer) throws IOException, SourceFailedException {
        try (TreeWalk walk = new TreeWalk(objects)) {
            walk.addTree(root());
            walk.setRecursive(false);
            while (walk.next()) {
                visit(walk);
            }
        }
        return new CommitFiles(
                commit.name(),
                commit.getCommitterIdent().getWhenAsInstant(),
                DisplayText.oneLine(commit.getShortMessage()),
                files,
                notes,
                unread,
                signer);
    }

    private ObjectId root() throws IOException, SourceFailedException {
        if (path.isEmpty()) {
            return commit.getTree();
        }
        try (TreeWalk found = TreeWalk.forPath(objects, path, commit.getTree())) {
            if (found == null) {
                throw new SourceFailedException(
                        "Directory \"" + path + "\" not found in commit " + commit.name(),
                        "Push a file in this directory, or set the path to the directory that contains the specs.");
            }
            if (found.getFileMode(0) != FileMode.TREE) {
                throw new SourceFailedException(
                        "\"" + path + "\" in commit " + commit.name() + " is " + kind(found.getFileMode(0))
                                + ", not a directory",
                        "Set the path to the directory that contains the specs; symbolic links and submodules are not"
                                + " followed.");
            }
            return found.getObjectId(0);
        }
    }

    private void visit(TreeWalk walk) throws IOException, SourceFailedException {
        if (Thread.interrupted()) {
            throw new InterruptedIOException("reading of the commit cancelled");
        }
        if (++entries > MOST_ENTRIES) {
            throw new SourceFailedException(
                    "Commit " + commit.name() + " has more than " + MOST_ENTRIES + " files and directories",
                    "Set the path to a directory that contains only specs.");
        }
        if (walk.getNameString().startsWith(".")) {
            return;
        }
        String full = path.isEmpty() ? walk.getPathString() : path + "/" + walk.getPathString();
        FileMode mode = walk.getFileMode(0);
        boolean yaml = YAML.matcher(full).find();
        if (mode == FileMode.TREE && full.length() > LONGEST_PATH) {
            leaveOut(full.substring(0, LONGEST_PATH), "the path is too long (only its beginning is shown)");
        } else if (mode == FileMode.TREE) {
            walk.enterSubtree();
        } else if (yaml && full.length() > LONGEST_PATH) {
            add(SourceFile.refused(
                    full.substring(0, LONGEST_PATH) + "...",
                    "the path has " + full.length() + " characters; the maximum is " + LONGEST_PATH
                            + ": use a shorter path",
                    new byte[0]));
        } else if (yaml) {
            add(mode == FileMode.SYMLINK || mode == FileMode.GITLINK ? linked(full, walk) : file(full, walk));
        } else if (mode == FileMode.GITLINK) {
            leaveOut(full, "submodules are not followed; put the specs into this repository");
        } else if (mode == FileMode.SYMLINK && leadsToDirectory(full, walk.getObjectId(0))) {
            leaveOut(full, "symbolic links are not followed; put the specs into a directory at this path");
        }
    }

    private void add(SourceFile file) throws SourceFailedException {
        files.add(file);
        bytes += file.text().length();
        if (files.size() > MOST_FILES || bytes > MOST_BYTES) {
            throw new SourceFailedException(
                    "Commit " + commit.name() + " has more than " + MOST_FILES + " YAML files, or more than "
                            + MOST_BYTES / (1024 * 1024) + " MiB of YAML",
                    "Set the path to a directory that contains only specs.");
        }
    }

    private SourceFile file(String full, TreeWalk walk) throws IOException {
        OptionalLong size = size(walk.getObjectId(0));
        if (size.isEmpty() || size.getAsLong() > LARGEST_FILE) {
            String has = size.isPresent() ? size.getAsLong() + "" : "more than " + FetchFilter.LARGEST_FILE;
            return SourceFile.refused(
                    full,
                    "the file has " + has + " bytes; the maximum is " + LARGEST_FILE + ": split it into several files",
                    beginning(walk.getObjectId(0)));
        }
        ObjectLoader content = objects.open(walk.getObjectId(0), Constants.OBJ_BLOB);
        return SourceFile.of(full, content.getCachedBytes(LARGEST_FILE));
    }

    /** The size of a file, without reading it; empty if the file was left out because of its size. */
    private OptionalLong size(ObjectId file) throws IOException {
        try {
            return OptionalLong.of(objects.getObjectSize(file, Constants.OBJ_BLOB));
        } catch (MissingObjectException e) {
            if (leftOut) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    /** The beginning of a file that is too large for a spec; empty if the file is larger than {@link #LARGEST_SEEN}. */
    private byte[] beginning(ObjectId file) throws IOException {
        OptionalLong size = size(file);
        if (size.isEmpty() || size.getAsLong() > LARGEST_SEEN) {
            return new byte[0];
        }
        try (InputStream in = objects.open(file, Constants.OBJ_BLOB).openStream()) {
            return in.readNBytes((int) LARGEST_SEEN);
        }
    }

    private SourceFile linked(String full, TreeWalk walk) throws IOException {
        FileMode mode = walk.getFileMode(0);
        return SourceFile.refused(
                full,
                "this is " + kind(mode) + ", which is not followed: replace it with the file",
                mode == FileMode.SYMLINK ? target(full, walk.getObjectId(0)) : new byte[0]);
    }

    /** The content of the target of a link, if the target is a file of this commit. */
    private byte[] target(String link, ObjectId id) throws IOException {
        Optional<String> resolved = resolved(link, id).filter(to -> !to.isEmpty());
        if (resolved.isEmpty()) {
            return new byte[0];
        }
        try (TreeWalk found = TreeWalk.forPath(objects, resolved.get(), commit.getTree())) {
            boolean file = found != null && (found.getFileMode(0).getBits() & FileMode.TYPE_MASK) == FileMode.TYPE_FILE;
            return file ? beginning(found.getObjectId(0)) : new byte[0];
        }
    }

    private void leaveOut(String full, String why) throws SourceFailedException {
        if (unread.size() >= MOST_FILES) {
            throw new SourceFailedException(
                    "Commit " + commit.name() + " has more than " + MOST_FILES + " submodules and symbolic links",
                    "Set the path to a directory that contains only specs.");
        }
        unread.add(full);
        notes.add(full + " is skipped: " + why);
    }

    private boolean leadsToDirectory(String link, ObjectId target) throws IOException {
        Optional<String> resolved = resolved(link, target);
        if (resolved.isEmpty() || resolved.get().isEmpty()) {
            return resolved.isPresent();
        }
        try (TreeWalk found = TreeWalk.forPath(objects, resolved.get(), commit.getTree())) {
            return found != null && (found.getFileMode(0) == FileMode.TREE || found.getFileMode(0) == FileMode.GITLINK);
        }
    }

    private Optional<String> resolved(String link, ObjectId target) throws IOException {
        OptionalLong size = size(target);
        if (size.isEmpty() || size.getAsLong() > LONGEST_LINK) {
            return Optional.empty(); // no file system allows a link of this length
        }
        String to = new String(
                objects.open(target, Constants.OBJ_BLOB).getCachedBytes(LONGEST_LINK), StandardCharsets.UTF_8);
        return LinkTarget.resolve(link, to);
    }

    private static String kind(FileMode mode) {
        if (mode == FileMode.SYMLINK) {
            return "a symbolic link";
        }
        return mode == FileMode.GITLINK ? "a submodule" : "a file";
    }
}
