package dev.ensembled.local;

import dev.ensembled.reconciler.desired.ServerConfig;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of one server, in a directory of its own. Its data is made once and never deleted or blanked.
 *
 * @param dir {@code DIR/servers/NAMESPACE/NAME/ID}
 */
record ServerFiles(Path dir) {
    private static final String DATABASE = "version-2";
    private static final String DYNAMIC = "zoo.cfg.dynamic";

    Path data() {
        return dir.resolve("data");
    }

    Path datalog() {
        return dir.resolve("datalog");
    }

    Path zooCfg() {
        return dir.resolve("conf").resolve("zoo.cfg");
    }

    Path loggingConfig() {
        return dir.resolve("conf").resolve("logging.properties");
    }

    Path serverLog() {
        return dir.resolve("log").resolve("server.log");
    }

    /** What the JVM itself prints, before the server logs and when it cannot start. */
    Path output() {
        return dir.resolve("log").resolve("output.log");
    }

    /** The record of the process that runs here. */
    JsonFile process() {
        return new JsonFile(dir.resolve("process.json"));
    }

    /**
     * Makes the data directories if they are not there.
     *
     * @param forming whether the ensemble is formed just now. Only then may a server begin with an empty database: one
     *     that finds its disk blank later must fetch what the others have before its vote counts.
     */
    void prepare(int id, boolean forming) throws IOException {
        Files.createDirectories(dir.resolve("conf"));
        Files.createDirectories(dir.resolve("log"));
        Files.createDirectories(datalog());
        Files.createDirectories(data());
        // Beside the log and not beside the snapshots, where ZooKeeper 3.9.5 looks for it when both are apart.
        Path initialize = datalog().resolve("initialize");
        boolean blank = !Files.exists(data().resolve(DATABASE))
                && !Files.exists(datalog().resolve(DATABASE));
        if (forming && blank && !Files.exists(initialize)) {
            Files.createFile(initialize);
        }
        Path myid = data().resolve("myid");
        if (!Files.exists(myid)) {
            Files.writeString(myid, id + "\n");
        }
    }

    /** Writes what the server reads when it starts. The membership that it has written itself wins over the initial. */
    void configure(Target target) throws IOException {
        Path initial = dir.resolve("conf").resolve(DYNAMIC);
        if (latestMembership().isEmpty()) {
            Files.writeString(initial, String.join("\n", target.membership()) + "\n");
        }
        SortedMap<String, String> settings = new TreeMap<>(target.settings());
        settings.put("dataDir", data().toString());
        settings.put("dataLogDir", datalog().toString());
        settings.put("dynamicConfigFile", latestMembership().orElse(initial).toString());
        Files.writeString(zooCfg(), new ServerConfig(settings).zooCfg());
        Files.writeString(loggingConfig(), ServerLogging.properties(serverLog()));
    }

    /** ZooKeeper keeps each committed membership in a file with its version in hex as the suffix. */
    private Optional<Path> latestMembership() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("conf"))) {
            return files.filter(file -> file.getFileName().toString().matches("zoo\\.cfg\\.dynamic(\\.[0-9a-f]+)?"))
                    .max(Comparator.comparing(ServerFiles::version));
        }
    }

    private static BigInteger version(Path file) {
        String suffix = file.getFileName().toString().substring(DYNAMIC.length());
        return suffix.isEmpty() ? BigInteger.valueOf(-1) : new BigInteger(suffix.substring(1), 16);
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

    /** Both files are bounded: the output is that of one start, and the log rotates. */
    private static List<String> lines(Path log) throws IOException {
        if (!Files.exists(log)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("\t"))
                    .toList();
        }
    }
}
