package dev.ensembled.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Replaces a file as a whole, in an order that a crash of the process or of the machine cannot break. */
final class DurableFile {
    private DurableFile() {}

    static void replace(Path file, byte[] content) throws IOException {
        Path next = next(file);
        Files.deleteIfExists(next);
        replaceBy(next, file, content);
    }

    /** The same, for what only this user may read: at no instant is there a file that others can. */
    static void replaceSecret(Path file, byte[] content) throws IOException {
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
        // Without this, a machine that loses power may come up with the name of the new file and none of its content,
        // and without the second one with the old file again, although somebody was told otherwise.
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
