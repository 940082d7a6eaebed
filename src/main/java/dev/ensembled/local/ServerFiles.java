package dev.ensembled.local;

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
 * The files of one server, in a directory of its own.
 *
 * @param dir {@code DIR/servers/NAMESPACE/NAME/ID}
 */
record ServerFiles(Path dir) {
    private static final String SUPER_DIGEST = "DigestAuthenticationProvider.superDigest";
    private static final String OUT_OF_MEMORY = "java.lang.OutOfMemoryError";
    private static final String CANNOT_LOAD = "Unable to load database on disk";
    private static final List<String> NOT_FOR_ITS_CONTENT =
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

    /** Names the ensemble whose data this is. */
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

    /** The errors that the server logged since it was started last. */
    Path troubles() {
        return dir.resolve("log").resolve("troubles.log");
    }

    /** What the JVM itself prints, before the server logs and when it cannot start. */
    Path output() {
        return dir.resolve("log").resolve("output.log");
    }

    /** The record of the process that runs here. */
    JsonFile process() {
        return new JsonFile(dir.resolve("process.json"), "It is written again when the server is next started");
    }

    /** How the server was admitted to start without data of its own. */
    JsonFile permit() {
        return new JsonFile(
                dir.resolve("start-permit.json"), "Remove it: the server gets another start permit if it needs one");
    }

    void makeDirectories() throws IOException {
        Files.createDirectories(conf());
        // ZooKeeper rewrites zoo.cfg, in which the super user's digest stands, with rights of its own choice.
        Files.setPosixFilePermissions(conf(), PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(dir.resolve("log"));
        Files.createDirectories(datalog());
        Files.createDirectories(identity().getParent());
    }

    /** Writes what the server reads when it starts. */
    void configure(Target target, Path membership, Ports ports) throws IOException {
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
     * Why a process ended, as far as it said so; empty if it said nothing. A JVM that cannot start says why in the first
     * line that it prints; a server logs it last.
     */
    String lastWords() throws IOException {
        List<String> printed = lines(output());
        if (!printed.isEmpty()) {
            return printed.get(0);
        }
        List<String> logged = lines(serverLog());
        return logged.isEmpty() ? "" : logged.get(logged.size() - 1);
    }

    /** By which words the server or its JVM told that it had too little memory; empty if that is not why it ended. */
    Optional<String> outOfMemory() throws IOException {
        return Stream.concat(lines(output()).stream(), lines(troubles()).stream())
                .filter(line -> line.contains(OUT_OF_MEMORY))
                .findFirst();
    }

    /**
     * What of its data the server could not read when it ran last; empty if that is not why it ended. A disk that is full,
     * or that cannot be read at all, holds no worse data for it.
     */
    Optional<String> unreadableData() throws IOException {
        List<String> troubles = lines(troubles());
        boolean unreadable = troubles.stream().anyMatch(line -> line.contains(CANNOT_LOAD))
                && troubles.stream()
                        .noneMatch(line -> NOT_FOR_ITS_CONTENT.stream().anyMatch(line::contains));
        return unreadable ? Optional.of(rootOf(troubles)) : Optional.empty();
    }

    /** The cause that stands deepest, since the others only pass it on. */
    private static String rootOf(List<String> troubles) {
        return troubles.stream()
                .filter(line -> line.startsWith("Caused by: ") || line.matches("[\\w.]+(Exception|Error): .*"))
                .reduce((first, second) -> second)
                .map(line -> line.replaceFirst("^Caused by: ", ""))
                .orElse(CANNOT_LOAD);
    }

    /** All three files are bounded: the output is that of one start, and the logs rotate. */
    private static List<String> lines(Path log) throws IOException {
        if (!Files.exists(log)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("\t"))
                    .toList();
        }
    }

    /** Deletes a directory with all that is in it, if it is there. */
    static void delete(Path directory) throws IOException {
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
