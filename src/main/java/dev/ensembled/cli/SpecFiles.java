package dev.ensembled.cli;

import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads spec files from a working directory by the same rules by which the Git source reads them from a commit: YAML files
 * at any depth; files and directories whose names begin with a dot are skipped; links are refused and not followed.
 */
final class SpecFiles {
    /** How many bytes of a larger file the Git source reads, to find out whether the file mentions an ensemble. */
    private static final int LARGEST_SEEN = 4 * 1024 * 1024;

    private static final Pattern YAML = Pattern.compile("\\.ya?ml$", Pattern.CASE_INSENSITIVE);

    private final SortedMap<Path, SourceFile> files = new TreeMap<>();

    /** Returns all files that were added, ordered by path; a file that was added twice appears once. */
    List<SourceFile> all() {
        return Collections.unmodifiableList(new ArrayList<>(files.values()));
    }

    /** Returns the same files by their real paths. */
    SortedMap<Path, SourceFile> byRealPath() {
        return Collections.unmodifiableSortedMap(files);
    }

    /**
     * Adds a file, whatever its name, or the spec files in a directory, whatever the directory's name.
     *
     * @throws IOException if the path does not exist or cannot be read
     */
    void add(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            put(path, read(path));
        } else {
            Files.walkFileTree(path.toRealPath(), new Visitor(path.toRealPath(), path));
        }
    }

    /** Like {@link #add(Path)}, but reports a path that cannot be read, and returns whether it was read. */
    boolean add(Path path, PrintWriter err) {
        try {
            add(path);
            return true;
        } catch (NoSuchFileException e) {
            err.println("cannot read " + path + ": no such file or directory");
        } catch (IOException e) {
            err.println("cannot read " + path + ": " + e);
        }
        return false;
    }

    private void put(Path shown, SourceFile file) throws IOException {
        files.putIfAbsent(shown.toRealPath(java.nio.file.LinkOption.NOFOLLOW_LINKS), file);
    }

    private static SourceFile read(Path path) throws IOException {
        byte[] content = beginning(path, LARGEST_SEEN);
        return content.length > YamlText.MAX_BYTES
                ? SourceFile.refused(
                        path.toString(),
                        "the file exceeds " + YamlText.MAX_BYTES + " bytes: split it into several files",
                        content)
                : SourceFile.of(path.toString(), content);
    }

    private static SourceFile linked(Path path) throws IOException {
        return SourceFile.refused(
                path.toString(),
                "this is a symbolic link, which is not followed: replace it with the file",
                Files.isRegularFile(path) ? beginning(path, LARGEST_SEEN) : new byte[0]);
    }

    private static byte[] beginning(Path path, int bytes) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(bytes);
        }
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Path shownRoot;

        Visitor(Path root, Path shownRoot) {
            this.root = root;
            this.shownRoot = shownRoot;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return !directory.equals(root) && hidden(directory)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path shown = shownRoot.resolve(root.relativize(file)).normalize();
            if (hidden(file) || !YAML.matcher(shown.toString()).find()) {
                return FileVisitResult.CONTINUE;
            }
            put(file, attributes.isSymbolicLink() ? linked(shown) : read(shown));
            return FileVisitResult.CONTINUE;
        }

        private static boolean hidden(Path path) {
            return path.getFileName() != null && path.getFileName().toString().startsWith(".");
        }
    }
}
