package dev.ensembled.git.growth;

import dev.ensembled.git.growth.RandomFile.Definition;
import dev.ensembled.git.growth.RandomFile.Kind;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Files with random content, from a seed: what users write, and what they write by mistake. */
final class RandomFiles {
    private static final int ENSEMBLES = 12;
    private static final int OVERSIZED = 256 * 1024;
    private static final int DEEP = 5_000;
    private static final String HEAD = "apiVersion: ensembled.dev/v1alpha1\nkind: ZooKeeperEnsemble\n";

    private final RandomGenerator random;

    RandomFiles(RandomGenerator random) {
        this.random = random;
    }

    /** A file that defines an ensemble, mostly the one that belongs to the file, and sometimes another one as well. */
    RandomFile valid(int file) {
        List<Definition> all = new ArrayList<>(List.of(definition(chance(85) ? id(file) : anyId())));
        if (chance(15)) {
            all.add(definition(anyId()));
        }
        boolean twice = all.size() == 2 && all.get(0).id().equals(all.get(1).id());
        return RandomFile.valid(twice ? all.subList(0, 1) : all);
    }

    /** A file that defines no ensemble. */
    RandomFile broken(int file, List<String> otherPaths) {
        EnsembleId id = chance(70) ? id(file) : anyId();
        String name = "metadata: {name: " + id.name() + ", namespace: " + id.namespace() + "}\n";
        return switch (random.nextInt(15)) {
            case 0 -> RandomFile.invalid(HEAD + "spec: [}\n" + name, Optional.empty());
            case 1 -> RandomFile.invalid(HEAD + name + "spec: {version: 3.9.5, voters: many}\n", Optional.of(id));
            case 2 -> RandomFile.invalid(HEAD + name + "spec: {version: 3.9.5, voter: 3}\n", Optional.of(id));
            case 3 -> RandomFile.invalid(HEAD + name + "spec: {version: 3.9.5, voters: 4000}\n", Optional.of(id));
            case 4 -> RandomFile.invalid(HEAD + name, Optional.of(id));
            case 5 -> RandomFile.invalid(HEAD + "# " + "x".repeat(OVERSIZED) + "\n", Optional.empty());
            case 6 -> RandomFile.invalid(HEAD + "spec: " + "[".repeat(DEEP) + "\n" + name, Optional.empty());
            case 7 -> RandomFile.invalid(HEAD + "# \u00ff\u00fe\n" + name, Optional.empty());
            case 8 -> RandomFile.other("x: " + "[".repeat(DEEP));
            case 9 -> RandomFile.other("# " + "x".repeat(OVERSIZED));
            case 10 -> RandomFile.other(garbage());
            case 11 -> RandomFile.of(Kind.BLANK, chance(50) ? "" : "\n \n");
            case 12 -> RandomFile.other("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
            case 13 ->
                RandomFile.of(
                        Kind.LINK,
                        chance(30) ? "absent.yaml" : "/" + otherPaths.get(random.nextInt(otherPaths.size())));
            default -> RandomFile.of(Kind.SUBMODULE, "");
        };
    }

    /** A file that is not read as a spec, and mentions an ensemble. */
    RandomFile mention() {
        EnsembleId id = anyId();
        return RandomFile.mentioning(id, "# kind: ZooKeeperEnsemble\n# name: " + id.name() + "\n");
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Bytes that are no UTF-8. */
    private String garbage() {
        StringBuilder bytes = new StringBuilder("\u00ff");
        random.ints(200, 0, 256).forEach(one -> bytes.append((char) one));
        return bytes.toString();
    }

    private Definition definition(EnsembleId id) {
        return new Definition(id, 1 + 2 * random.nextInt(4), chance(60));
    }

    private EnsembleId anyId() {
        return id(random.nextInt(ENSEMBLES));
    }

    private static EnsembleId id(int number) {
        return new EnsembleId("prod", "ens-" + (char) ('a' + number));
    }
}
