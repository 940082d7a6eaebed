package dev.ensembled.local.process;

import dev.ensembled.local.file.DurableFile;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The persistent files of one server: its database, and the membership that it saw last. A server that finds its own
 * database and a membership that lists it may start; any other server needs a start permit first (docs/invariants.md, rule
 * 10). This class never deletes a database without keeping the newest one in {@code aside}.
 */
public record ServerDisk(ServerDirectory files, EnsembleId ensemble, int id) {
    private static final String DATABASE = "version-2";
    private static final String DYNAMIC = "zoo.cfg.dynamic";

    /**
     * The disk state that was found.
     *
     * @param reason why the disk is not fine, for people; empty if it is fine
     */
    record DiskState(Disk disk, String reason) {
        private static final DiskState FINE = new DiskState(Disk.FINE, "");
    }

    DiskState state() throws IOException {
        Optional<String> foreign = belongsToAnother();
        if (foreign.isPresent()) {
            return new DiskState(Disk.FOREIGN, foreign.get());
        }
        if (hasData()) {
            return isListed()
                    ? DiskState.FINE
                    : new DiskState(
                            Disk.BLANK,
                            "the last membership in " + files.zooCfg().getParent()
                                    + " does not contain this server: it was removed from the ensemble");
        }
        return isBootstrapping()
                ? DiskState.FINE
                : new DiskState(Disk.BLANK, "no database in " + files.data() + " and " + files.datalog());
    }

    /** Whether the directories contain anything that may be data. */
    boolean isNotEmpty() throws IOException {
        return isFilled(files.data()) || isFilled(files.datalog());
    }

    /** Whether no committed membership has listed this server yet, so that it is still a learner. */
    boolean isNoMemberYet() throws IOException {
        Optional<Path> newest = newestMembership();
        return newest.isEmpty() || newest.get().getFileName().toString().equals(DYNAMIC) || !lists(newest.get());
    }

    /** The file from which ZooKeeper reads the membership. */
    public Path membership() throws IOException {
        return newestMembership().orElse(seed());
    }

    /** Prepares the disk for a start with an empty database and this membership. */
    void prepareBootstrap(List<String> lines) throws IOException {
        putAside();
        writeIdentity();
        seed(lines);
        // In the directory of the log: if logs and snapshots are separate, ZooKeeper looks for the file there.
        Files.writeString(files.datalog().resolve("initialize"), "");
    }

    /** Prepares the disk for a start without a database, as a learner in this membership. */
    void prepareJoin(List<String> lines) throws IOException {
        putAside();
        writeIdentity();
        seed(lines);
    }

    /** Records the ensemble and the server to which the directory belongs. */
    void writeIdentity() throws IOException {
        files.makeDirectories();
        write(files.identity(), ensemble.toString());
        write(files.myid(), Integer.toString(id));
    }

    /** Replaces all memberships with this one. */
    void seed(List<String> lines) throws IOException {
        for (Path old : memberships()) {
            Files.delete(old);
        }
        write(seed(), String.join("\n", lines));
    }

    private Optional<String> belongsToAnother() throws IOException {
        Optional<String> owner = read(files.myid());
        if (owner.isPresent() && !owner.get().equals(Integer.toString(id))) {
            return Optional.of("the data in " + files.data() + " belongs to server '" + owner.get() + "' (its myid)");
        }
        return read(files.identity())
                .filter(other -> !other.equals(ensemble.toString()))
                .map(other -> "the data in " + files.data() + " belongs to the ensemble " + other);
    }

    /**
     * Whether there is a database: a snapshot, and the directory of the log; either directory may be lost without the other.
     */
    boolean hasData() throws IOException {
        Path snapshots = files.data().resolve(DATABASE);
        if (!Files.isDirectory(snapshots) || !Files.isDirectory(files.datalog().resolve(DATABASE))) {
            return false;
        }
        try (DirectoryStream<Path> snapshotFiles = Files.newDirectoryStream(snapshots, "snapshot.*")) {
            return snapshotFiles.iterator().hasNext();
        }
    }

    /** Whether the server has yet to start with an empty database; ZooKeeper deletes the file when it has done so. */
    private boolean isBootstrapping() throws IOException {
        return Files.exists(files.datalog().resolve("initialize")) && isListed();
    }

    private boolean isListed() throws IOException {
        Optional<Path> newest = newestMembership();
        return newest.isPresent() && lists(newest.get());
    }

    private boolean lists(Path membership) throws IOException {
        try (Stream<String> lines = Files.lines(membership, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.startsWith("server." + id + "="));
        }
    }

    private Path seed() {
        return files.zooCfg().resolveSibling(DYNAMIC);
    }

    /** ZooKeeper keeps each committed membership in a file whose suffix is the config version in hexadecimal. */
    private Optional<Path> newestMembership() throws IOException {
        return memberships().stream().max(Comparator.comparing(ServerDisk::version));
    }

    private List<Path> memberships() throws IOException {
        Path conf = files.zooCfg().getParent();
        if (!Files.isDirectory(conf)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(conf)) {
            return entries.filter(
                            file -> file.getFileName().toString().matches("zoo\\.cfg\\.dynamic(\\.[0-9a-f]{1,16})?"))
                    .toList();
        }
    }

    private static BigInteger version(Path file) {
        String suffix = file.getFileName().toString().substring(DYNAMIC.length());
        return suffix.isEmpty() ? BigInteger.valueOf(-1) : new BigInteger(suffix.substring(1), 16);
    }

    /** Puts the database aside. Only the latest one is kept, and an empty database does not replace one that has data. */
    private void putAside() throws IOException {
        for (Path directory : List.of(files.data(), files.datalog())) {
            Files.deleteIfExists(directory.resolve("initialize"));
            Path database = directory.resolve(DATABASE);
            if (isFilled(database)) {
                Path aside = directory.resolve("aside").resolve(DATABASE);
                ServerDirectory.delete(aside);
                Files.createDirectories(aside.getParent());
                Files.move(database, aside, StandardCopyOption.ATOMIC_MOVE);
            } else {
                ServerDirectory.delete(database);
            }
        }
    }

    private static boolean isFilled(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isPresent();
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }

    /** Writes a file atomically, so that a file that exists is complete. */
    private static void write(Path file, String text) throws IOException {
        DurableFile.replace(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
