package dev.ensembled.local.process;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The directories of the ensembles: {@code DIR/servers/NAMESPACE/NAME}, with a subdirectory for each server.
 *
 * @param servers {@code DIR/servers}
 */
public record Directories(Path servers) {

    public Path of(EnsembleId ensemble) {
        return servers.resolve(ensemble.namespace()).resolve(ensemble.name());
    }

    public ServerDirectory files(EnsembleId ensemble, int id) {
        return new ServerDirectory(of(ensemble).resolve(Integer.toString(id)));
    }

    /** All ensembles that have a directory. */
    public List<EnsembleId> ensembles() throws IOException {
        List<EnsembleId> ensembles = new ArrayList<>();
        for (String namespace : names(servers)) {
            for (String name : names(servers.resolve(namespace))) {
                ensembles.add(new EnsembleId(namespace, name));
            }
        }
        return ensembles;
    }

    /** The ids of the servers that may have data, including servers that have left the ensemble. */
    public SortedSet<Integer> withData(EnsembleId ensemble) throws IOException {
        SortedSet<Integer> ids = new TreeSet<>();
        for (String name : names(of(ensemble))) {
            if (name.matches("[1-9][0-9]{0,5}")) {
                int id = Integer.parseInt(name);
                if (new ServerDisk(files(ensemble, id), ensemble, id).isNotEmpty()) {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    private static List<String> names(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
