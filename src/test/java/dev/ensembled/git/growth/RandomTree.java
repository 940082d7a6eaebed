package dev.ensembled.git.growth;

import dev.ensembled.git.ConfigRepo;
import dev.ensembled.git.growth.RandomFile.Definition;
import dev.ensembled.git.growth.RandomFile.Kind;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The files of one commit, which the next commit changes at random. */
final class RandomTree {
    /** The directory that the source follows. */
    static final String ROOT = "clusters";

    private static final List<String> PATHS = IntStream.range(0, 12)
            .mapToObj(file -> ROOT + List.of("/a/", "/b/", "/c/deep/").get(file % 3) + "file" + file + ".yaml")
            .toList();
    private static final String HIDEABLE = ROOT + "/b";
    private static final List<String> MENTIONS = List.of(ROOT + "/notes.txt", ROOT + "/.attic/old.yaml");

    private final Map<String, RandomFile> files = new TreeMap<>();
    private final RandomFiles random;
    private Map<String, RandomFile> written = Map.of();

    RandomTree(RandomFiles random) {
        this.random = random;
    }

    /** Changes some files. */
    void change() {
        if (random.chance(15)) {
            repair();
        } else if (random.chance(2)) {
            files.clear();
        } else if (random.chance(3)) {
            hide();
        }
        for (int changes = random.below(3); changes >= 0; changes--) {
            changeOne(random.below(PATHS.size()));
        }
        if (random.chance(5)) {
            files.put(MENTIONS.get(random.below(2)), random.mention());
        }
    }

    private void changeOne(int file) {
        String path = PATHS.get(file);
        if (isHidden(path)) {
            files.remove(HIDEABLE);
        }
        if (random.chance(15)) {
            files.remove(path);
        } else if (random.chance(60)) {
            files.put(path, random.valid(file));
        } else {
            files.put(path, random.broken(file, PATHS));
        }
    }

    /** Replaces a directory by a submodule or a link to another directory. */
    private void hide() {
        files.keySet().removeIf(path -> path.startsWith(HIDEABLE + "/"));
        files.put(HIDEABLE, RandomFile.of(random.chance(50) && has(ROOT + "/a/") ? Kind.LINK : Kind.SUBMODULE, "a"));
    }

    private boolean has(String directory) {
        return files.keySet().stream().anyMatch(path -> path.startsWith(directory));
    }

    private void repair() {
        for (int file = 0; file < PATHS.size(); file++) {
            RandomFile before = files.get(PATHS.get(file));
            if (before != null && before.kind() != Kind.VALID) {
                files.remove(PATHS.get(file));
                if (random.chance(60)) {
                    files.put(PATHS.get(file), random.valid(file));
                }
            }
        }
        if (random.chance(50)) {
            MENTIONS.forEach(files::remove);
        }
    }

    /** Writes what differs from the files that it wrote last. */
    void writeTo(ConfigRepo repo) {
        Set<String> removed = new HashSet<>(written.keySet());
        removed.removeAll(files.keySet());
        removed.forEach(repo::delete);
        files.forEach((path, file) -> {
            if (!file.equals(written.get(path))) {
                file.writeTo(repo, path);
            }
        });
        repo.write("README.md", "# Ensembles\n");
        written = Map.copyOf(files);
    }

    /** Whether there is anything in the directory that the source follows. */
    boolean isEmpty() {
        return files.isEmpty();
    }

    Optional<RandomFile> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** Whether a link or a submodule has replaced the directory of the file. */
    boolean isHidden(String path) {
        return files.containsKey(HIDEABLE) && path.startsWith(HIDEABLE + "/");
    }

    /** The ensembles that exactly one document names, which is valid. */
    Map<EnsembleId, Definition> defined() {
        Map<EnsembleId, Definition> defined = new TreeMap<>();
        Set<EnsembleId> refused = refused();
        definitions().stream().filter(one -> !refused.contains(one.id())).forEach(one -> defined.put(one.id(), one));
        return defined;
    }

    /** The ensembles that an invalid document names, or several documents. */
    Set<EnsembleId> refused() {
        Set<EnsembleId> refused = new HashSet<>();
        files.values().forEach(file -> refused.addAll(file.refused()));
        Set<EnsembleId> seen = new HashSet<>();
        definitions().stream().map(Definition::id).filter(id -> !seen.add(id)).forEach(refused::add);
        return refused;
    }

    /** The files with violations. */
    Set<String> violations() {
        Set<EnsembleId> refused = refused();
        Set<String> paths = new HashSet<>();
        files.forEach((path, file) -> {
            boolean twice = file.valid().stream().map(Definition::id).anyMatch(refused::contains);
            if (file.kind() == Kind.INVALID || twice || leadsToOurs(file)) {
                paths.add(path);
            }
        });
        return paths;
    }

    private boolean leadsToOurs(RandomFile file) {
        return file.kind() == Kind.LINK
                && file(file.content().substring(1))
                        .filter(RandomFile::declares)
                        .isPresent();
    }

    String pathOf(Definition one) {
        return files.entrySet().stream()
                .filter(file -> file.getValue().valid().stream().anyMatch(one::equals))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    boolean mentions(EnsembleId id) {
        return files.values().stream()
                .anyMatch(file -> file.mentioned().filter(id::equals).isPresent());
    }

    private List<Definition> definitions() {
        List<Definition> all = new ArrayList<>();
        files.values().forEach(file -> all.addAll(file.valid()));
        return all;
    }
}
