package dev.ensembled.reconciler.spec.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.DocumentReader.Result;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.reconciler.spec.validation.Violation;
import dev.ensembled.reconciler.spec.yaml.Location;
import dev.ensembled.reconciler.spec.yaml.YamlText;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Parses and validates the files of one commit. Immutable and thread-safe.
 *
 * <ol>
 *   <li>Each file is split into documents, and each document is parsed within limits ({@link YamlText}).
 *   <li>Documents of other kinds are left out with a note. This includes documents that cannot be parsed, if nothing in
 *       their text says that they are of our kind ({@link KindDetector}).
 *   <li>An ensemble is checked against the generated schema and then by each rule independently, so that all violations
 *       are found at once.
 *   <li>Two documents that define the same ensemble are both refused.
 * </ol>
 */
public final class SpecReader {
    /**
     * The number of violations of a commit that are listed in full; beyond it, only the first in each further file is
     * listed.
     */
    public static final int MAX_VIOLATIONS = 1_000;

    private static final int MAX_NOTES = 2_000;
    private static final int SHOWN = 5;
    private static final YAMLMapper YAML = new YAMLMapper();

    private final DocumentReader documents;

    /** A document that names an ensemble, with the file that contains it. */
    private record Named(String path, EnsembleId id, Result reading) {
        String where() {
            Location location = reading.location();
            return path + ":" + location.line() + ":" + location.column();
        }
    }

    /**
     * Creates a reader for an installation with the default policy.
     *
     * @param defaultNamespace the namespace for documents that name none
     * @param allowedNamespaces the namespaces that may contain ensembles; empty if any may
     */
    public SpecReader(String defaultNamespace, Set<String> allowedNamespaces) {
        this(defaultNamespace, Policy.DEFAULT.in(allowedNamespaces));
    }

    /**
     * Creates a reader for an installation.
     *
     * @param defaultNamespace the namespace for documents that name none
     * @param policy what the installation permits ensembles to do
     */
    public SpecReader(String defaultNamespace, Policy policy) {
        this.documents = new DocumentReader(defaultNamespace, policy);
    }

    /** Reads all files; never throws because of their content. */
    public ParsedCommit read(List<SourceFile> files) {
        return combine(files.stream().map(this::read).toList());
    }

    /** Combines the readings of all files of a commit. */
    ParsedCommit combine(List<ParsedFile> files) {
        Map<EnsembleId, List<Named>> byId = files.stream()
                .flatMap(file -> file.named().stream()
                        .flatMap(reading -> reading.id().stream().map(id -> new Named(file.path(), id, reading))))
                .collect(Collectors.groupingBy(Named::id, TreeMap::new, Collectors.toList()));
        List<Violation> violations = new ArrayList<>();
        files.forEach(file -> violations.addAll(file.violations()));
        Set<String> invalidPaths = violations.stream().map(Violation::file).collect(Collectors.toSet());
        for (List<Named> same : byId.values()) {
            if (same.size() > 1) {
                same.stream()
                        .filter(one -> invalidPaths.add(one.path()) || violations.size() < MAX_VIOLATIONS)
                        .forEach(one -> violations.add(refused(one, same)));
            }
        }
        return parsed(files, violations, byId);
    }

    /**
     * The violations of a resource that does not come from a file, such as a resource that another tool applied to the
     * cluster, where not every rule can be enforced. The locations in these violations have no meaning; the file is the
     * ensemble's id.
     */
    public List<Violation> check(ZooKeeperEnsemble resource) {
        ZooKeeperEnsemble written = new ZooKeeperEnsemble();
        written.setMetadata(new ObjectMetaBuilder()
                .withNamespace(resource.getMetadata().getNamespace())
                .withName(resource.getMetadata().getName())
                .build());
        written.setSpec(resource.getSpec());
        return read(List.of(SourceFile.of(resource.id().toString(), yaml(written))))
                .violations();
    }

    private static String yaml(ZooKeeperEnsemble resource) {
        try {
            return YAML.writeValueAsString(resource);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the resource cannot be written as YAML", e);
        }
    }

    /** Reads one file by itself. */
    ParsedFile read(SourceFile file) {
        Findings findings = new Findings(file.path());
        List<Result> named = List.of();
        if (file.refusal().isPresent()) {
            SourceFile.Unreadable refusal = file.refusal().get();
            if (refusal.ours()) {
                findings.violation(Location.START, "", refusal.why());
            } else {
                findings.note(Location.START, "", "ignored: " + refusal.why());
            }
        } else {
            named = YamlText.read(file.text()).stream()
                    .flatMap(document -> documents.read(document, findings).stream())
                    .filter(reading -> reading.id().isPresent())
                    .toList();
        }
        return new ParsedFile(file.path(), file.hasContent(), findings.violations(), findings.notes(), named);
    }

    private static Violation refused(Named one, List<Named> same) {
        String others = same.stream()
                .filter(other -> !other.where().equals(one.where()))
                .limit(SHOWN)
                .map(Named::where)
                .collect(Collectors.joining(", "));
        int omitted = same.size() - 1 - SHOWN;
        String message = "the ensemble " + one.id() + " is also defined at " + others
                + (omitted > 0 ? " and " + omitted + " more locations" : "")
                + "; no definition is used until only one remains: remove or rename the others";
        Location location = one.reading().location();
        return new Violation(
                one.path(), location.line(), location.column(), "metadata.name", Findings.oneLine(message));
    }

    private static ParsedCommit parsed(
            List<ParsedFile> files, List<Violation> violations, Map<EnsembleId, List<Named>> byId) {
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
        return new ParsedCommit(
                found,
                violations.stream().sorted().toList(),
                invalid,
                violations.stream().map(Violation::file).collect(Collectors.toSet()),
                files.stream()
                        .flatMap(file -> file.notes().stream())
                        .limit(MAX_NOTES)
                        .toList(),
                files.stream().collect(Collectors.toMap(ParsedFile::path, ParsedFile::hasContent, Boolean::logicalOr)));
    }
}
