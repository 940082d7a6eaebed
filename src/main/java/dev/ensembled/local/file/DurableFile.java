package dev.ensembled.local.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Replaces a file atomically; a crash of the process or of the machine leaves either the old content or the new content. */
public final class DurableFile {
    private DurableFile() {}

    public static void replace(Path file, byte[] content) throws IOException {
        Path next = next(file);
        Files.deleteIfExists(next);
        replaceBy(next, file, content);
    }

    /** Like {@code replace}, for content that only this user may read: at no moment can other users read the file. */
    public static void replaceSecret(Path file, byte[] content) throws IOException {
        Path next = next(file);
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        replaceBy(next, file, content);
    }

    private static Path next(Path file) {
        return file.resolveSibling(file.getFileName() + ".next");
    }

    private static void replaceBy(Path next, Path file, byte[] content) throws IOException {
        Files.write(next, content);
        // Without the first sync, the new file may have its name but no content after a power loss. Without the second
        // sync,
        // the old file may be back, although the write was reported as done.
        force(next, StandardOpenOption.WRITE);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(file.getParent(), StandardOpenOption.READ);
    }

    private static void force(Path path, StandardOpenOption access) throws IOException {
        try (FileChannel channel = FileChannel.open(path, access)) {
            channel.force(true);
        }
    }
}
