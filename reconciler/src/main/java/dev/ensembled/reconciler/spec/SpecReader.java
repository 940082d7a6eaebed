package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.DocumentReader.Reading;
import dev.ensembled.reconciler.spec.Parsed.Found;
import dev.ensembled.reconciler.spec.yaml.Place;
import dev.ensembled.reconciler.spec.yaml.YamlText;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Parses and validates the files of one commit. Immutable; may be used by many threads.
 *
 * <ol>
 *   <li>Each file is split into documents, and each document is parsed within limits ({@link YamlText}).
 *   <li>Documents of other kinds are left out with a note, also if they cannot be parsed and nothing in their text says that
 *       they are ours ({@link KindText}).
 *   <li>An ensemble is compared with the generated schema and then with rules, each on its own, so that everything that
 *       is wrong is found at once.
 *   <li>Two documents that define the same ensemble are both refused.
 * </ol>
 */
public final class SpecReader {
    private final DocumentReader documents;

    /** A document that names an ensemble, in its file. */
    private record Named(Findings file, String path, EnsembleId id, Reading reading) {
        String where() {
            Place place = reading.place();
            return path + ":" + place.line() + ":" + place.column();
        }
    }

    /**
     * A reader.
     *
     * @param defaultNamespace for documents that name none
     * @param allowedNamespaces where ensembles may be; empty for anywhere
     */
    public SpecReader(String defaultNamespace, Set<String> allowedNamespaces) {
        this.documents = new DocumentReader(defaultNamespace, Set.copyOf(allowedNamespaces));
    }

    /** Reads all files; never throws for what stands in them. */
    public Parsed read(List<SourceFile> files) {
        Map<String, Findings> findings = new TreeMap<>();
        List<Named> named = new ArrayList<>();
        for (SourceFile file : files) {
            named.addAll(read(file, findings.computeIfAbsent(file.path(), Findings::new)));
        }
        Map<EnsembleId, List<Named>> byId =
                named.stream().collect(Collectors.groupingBy(Named::id, TreeMap::new, Collectors.toList()));
        byId.values().stream().filter(same -> same.size() > 1).forEach(SpecReader::refuseAll);
        return parsed(files, findings, byId);
    }

    /**
     * What is wrong with a resource that did not come from a file, such as one that another tool applied to the cluster,
     * where not every rule can be enforced. Places mean nothing in these violations; the file is the ensemble's id.
     */
    public List<Violation> check(ZooKeeperEnsemble resource) {
        ZooKeeperEnsemble written = new ZooKeeperEnsemble();
        written.setMetadata(new ObjectMetaBuilder()
                .withNamespace(resource.getMetadata().getNamespace())
                .withName(resource.getMetadata().getName())
                .build());
        written.setSpec(resource.getSpec());
        String text = new KubernetesSerialization().asYaml(written);
        return read(List.of(SourceFile.of(resource.id().toString(), text))).violations();
    }

    private List<Named> read(SourceFile file, Findings findings) {
        if (file.refusal().isPresent()) {
            SourceFile.Refusal refusal = file.refusal().get();
            if (refusal.ours()) {
                findings.violation(Place.START, "", refusal.why());
            } else {
                findings.note(Place.START, "", "ignored: " + refusal.why());
            }
            return List.of();
        }
        return YamlText.read(file.text()).stream()
                .flatMap(document -> documents.read(document, findings).stream())
                .flatMap(reading -> reading.id().stream().map(id -> new Named(findings, file.path(), id, reading)))
                .toList();
    }

    private static void refuseAll(List<Named> same) {
        for (Named one : same) {
            String others = same.stream()
                    .filter(other -> !other.where().equals(one.where()))
                    .map(Named::where)
                    .collect(Collectors.joining(", "));
            one.file()
                    .violation(
                            one.reading().place(),
                            "metadata.name",
                            "the ensemble " + one.id() + " is defined at " + others
                                    + " too, and neither counts: remove or rename one");
        }
    }

    private static Parsed parsed(
            List<SourceFile> files, Map<String, Findings> findings, Map<EnsembleId, List<Named>> byId) {
        List<Found> found = new ArrayList<>();
        Set<EnsembleId> invalid = new TreeSet<>();
        byId.forEach((id, same) -> {
            Named first = same.get(0);
            if (same.size() == 1 && first.reading().resource().isPresent()) {
                found.add(new Found(first.reading().resource().get(), first.path()));
            } else {
                invalid.add(id);
            }
        });
        List<Violation> violations = findings.values().stream()
                .flatMap(file -> file.violations().stream())
                .sorted()
                .toList();
        return new Parsed(
                found,
                violations,
                invalid,
                violations.stream().map(Violation::file).collect(Collectors.toSet()),
                findings.values().stream()
                        .flatMap(file -> file.notes().stream())
                        .toList(),
                files.stream().collect(Collectors.toMap(SourceFile::path, SourceFile::filled, Boolean::logicalOr)));
    }
}
