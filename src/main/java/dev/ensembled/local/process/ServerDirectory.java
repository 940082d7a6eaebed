package dev.ensembled.local.process;

import dev.ensembled.local.file.JsonFile;
import dev.ensembled.reconciler.desired.ServerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of one server, in its own directory.
 *
 * @param dir {@code DIR/servers/NAMESPACE/NAME/ID}
 */
public record ServerDirectory(Path dir) {
    private static final String SUPER_DIGEST = "DigestAuthenticationProvider.superDigest";
    private static final String OUT_OF_MEMORY = "java.lang.OutOfMemoryError";
    private static final String CANNOT_LOAD = "Unable to load database on disk";
    private static final List<String> ACCESS_ERRORS =
            List.of("No space left", "Permission denied", "Read-only file system", "Input/output error");

    Path data() {
        return dir.resolve("data");
    }

    Path datalog() {
        return dir.resolve("datalog");
    }

    Path myid() {
        return data().resolve("myid");
    }

    /** The file that names the ensemble to which the data belongs. */
    Path identity() {
        return data().resolve("ensembled").resolve("ensemble");
    }

    Path zooCfg() {
        return conf().resolve("zoo.cfg");
    }

    Path loggingConfig() {
        return conf().resolve("logging.properties");
    }

    private Path conf() {
        return dir.resolve("conf");
    }

    Path serverLog() {
        return dir.resolve("log").resolve("server.log");
    }

    /** The errors that the server has logged since its last start. */
    Path troubles() {
        return dir.resolve("log").resolve("troubles.log");
    }

    /** The output of the JVM itself, before the server begins to log, or if the JVM cannot start. */
    Path output() {
        return dir.resolve("log").resolve("output.log");
    }

    /** The record of the process that runs here. */
    JsonFile process() {
        return new JsonFile(dir.resolve("process.json"), "It is recreated when the server is started again");
    }

    /** The start permit of the server. */
    JsonFile permit() {
        return new JsonFile(
                dir.resolve("start-permit.json"), "Delete it; the server gets a new start permit if it needs one");
    }

    void makeDirectories() throws IOException {
        Files.createDirectories(conf());
        // ZooKeeper rewrites zoo.cfg, which contains the super user's digest, with file permissions of its own choice.
        Files.setPosixFilePermissions(conf(), PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(dir.resolve("log"));
        Files.createDirectories(datalog());
        Files.createDirectories(identity().getParent());
    }

    /** Writes the files that the server reads when it starts. */
    void configure(ServerConfiguration target, Path membership, Ports ports) throws IOException {
        makeDirectories();
        SortedMap<String, String> settings = new TreeMap<>(target.settings());
        settings.put("dataDir", data().toString());
        settings.put("dataLogDir", datalog().toString());
        settings.put("dynamicConfigFile", membership.toString());
        settings.putAll(LocalServices.settings(target.settings(), ports));
        if (!target.superDigest().isEmpty()) {
            settings.put(SUPER_DIGEST, target.superDigest());
        }
        Files.writeString(zooCfg(), new ServerConfig(settings).zooCfg());
        Files.setPosixFilePermissions(zooCfg(), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(loggingConfig(), ServerLogging.properties(serverLog(), troubles()));
        Files.deleteIfExists(troubles());
    }

    /**
     * The reason why a process ended, as far as it reported one; empty if it reported none. A JVM that cannot start prints
     * the reason in its first line; a server logs it in its last line.
     */
    String exitReason() throws IOException {
        List<String> printed = lines(output());
        if (!printed.isEmpty()) {
            return printed.get(0);
        }
        List<String> logged = lines(serverLog());
        return logged.isEmpty() ? "" : logged.get(logged.size() - 1);
    }

    /** The line in which the server or its JVM reported that it ran out of memory; empty if it ended for another reason. */
    Optional<String> outOfMemory() throws IOException {
        return Stream.concat(lines(output()).stream(), lines(troubles()).stream())
                .filter(line -> line.contains(OUT_OF_MEMORY))
                .findFirst();
    }

    /**
     * The reason why the server could not read its data when it ran last; empty if it ended for another reason. A disk that
     * is full or cannot be accessed is no such reason, because the data on it is not damaged.
     */
    Optional<String> unreadableData() throws IOException {
        List<String> troubles = lines(troubles());
        boolean unreadable = troubles.stream().anyMatch(line -> line.contains(CANNOT_LOAD))
                && troubles.stream().noneMatch(line -> ACCESS_ERRORS.stream().anyMatch(line::contains));
        return unreadable ? Optional.of(rootOf(troubles)) : Optional.empty();
    }

    /** The deepest cause, because the other exceptions only wrap it. */
    private static String rootOf(List<String> troubles) {
        return troubles.stream()
                .filter(line -> line.startsWith("Caused by: ") || line.matches("[\\w.]+(Exception|Error): .*"))
                .reduce((first, second) -> second)
                .map(line -> line.replaceFirst("^Caused by: ", ""))
                .orElse(CANNOT_LOAD);
    }

    /** Reads a whole file, which is safe because all three are bounded: the output is of one start, and the logs rotate. */
    private static List<String> lines(Path log) throws IOException {
        if (!Files.exists(log)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("\t"))
                    .toList();
        }
    }

    /** Deletes a directory and its content, if it exists. */
    public static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> all = Files.walk(directory)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
