package dev.ensembled.local;

import dev.ensembled.reconciler.spec.EnsembleId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What was applied last for each ensemble, kept beside its servers in {@code applied.json}. */
record AppliedTargets(Path servers) {

    /** What the servers of an ensemble should run as; empty if nothing was applied or the ensemble was ended. */
    Optional<Target> of(EnsembleId id) throws IOException {
        return read(id).filter(applied -> !applied.ended()).map(Applied::target);
    }

    /** Whether the ensemble may have data. Stays true when it was ended. */
    boolean wasEverApplied(EnsembleId id) throws IOException {
        return read(id).isPresent();
    }

    void put(EnsembleId id, Applied applied) throws IOException {
        Optional<Applied> before = read(id);
        if (before.isEmpty() || !before.get().equals(applied)) {
            file(id).write(applied);
        }
    }

    /** Of every ensemble that has a directory. */
    SortedMap<EnsembleId, Applied> all() throws IOException {
        SortedMap<EnsembleId, Applied> all = new TreeMap<>();
        for (Path namespace : directories(servers)) {
            for (Path name : directories(namespace)) {
                EnsembleId id = new EnsembleId(
                        namespace.getFileName().toString(), name.getFileName().toString());
                Optional<Applied> applied = read(id);
                if (applied.isPresent()) {
                    all.put(id, applied.get());
                }
            }
        }
        return all;
    }

    private static List<Path> directories(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    private Optional<Applied> read(EnsembleId id) throws IOException {
        return file(id).read(Applied.class);
    }

    private JsonFile file(EnsembleId id) {
        return new JsonFile(servers.resolve(id.namespace()).resolve(id.name()).resolve("applied.json"));
    }
}
