package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.simulation.history.Event;
import dev.ensembled.reconciler.simulation.history.EventType;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.Leftover;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.validation.Violation;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The files of the repository, at the level of valid, invalid and missing documents. */
public final class ModelRepository {
    /** In the file of the ensemble with servers. */
    static final EnsembleId SAME_FILE = new EnsembleId("streaming", "mirror");

    /** In a file of its own, and removed with it. */
    static final EnsembleId DELETED_WITH_FILE = new EnsembleId("search", "solr");

    public static final List<EnsembleId> IDS = List.of(ModelStore.ID, SAME_FILE, DELETED_WITH_FILE);

    private static final Set<EventType> FILE_CHANGES = EnumSet.of(
            EventType.PUSH_INVALID_DOCUMENT,
            EventType.REMOVE_DOCUMENT,
            EventType.REMOVE_FILE,
            EventType.CLEAR_FILE,
            EventType.CLEAR_REPOSITORY,
            EventType.RESTORE_FILES);

    /** The state of one document. */
    public enum Document {
        VALID,
        INVALID,
        /** Not in the repository. */
        MISSING
    }

    private final Map<EnsembleId, Document> documents = new TreeMap<>();
    private final Set<String> emptyFiles = new HashSet<>();
    private final Set<EnsembleId> mentioned = new HashSet<>();
    private static final Map<EnsembleId, EnsembleSpec> FIRST =
            Map.of(SAME_FILE, specOf(SAME_FILE, 0), DELETED_WITH_FILE, specOf(DELETED_WITH_FILE, 0));

    /** The specs of the ensembles without servers, in the last commit in which their document was valid. */
    private final Map<EnsembleId, EnsembleSpec> lastGood = new TreeMap<>(FIRST);

    /** Reused, since the constructor of a custom resource is slow. */
    private final Map<EnsembleId, ZooKeeperEnsemble> resources = new TreeMap<>();

    private int changes;

    public ModelRepository() {
        IDS.forEach(this::write);
    }

    static String path(EnsembleId id) {
        return id.namespace() + ".yaml";
    }

    static boolean changesFilesOnly(EventType type) {
        return FILE_CHANGES.contains(type);
    }

    /** A valid document. */
    void write(EnsembleId id) {
        documents.put(id, Document.VALID);
        emptyFiles.remove(path(id));
        mentioned.remove(id);
    }

    /** Changes files, and the specs of the ensembles without servers in the same commit. */
    void change(Event event) {
        changes++;
        EnsembleId target = IDS.get(event.member() % IDS.size());
        switch (event.type()) {
            case PUSH_INVALID_DOCUMENT -> {
                write(target);
                documents.put(target, Document.INVALID);
            }
            case REMOVE_DOCUMENT -> remove(target, event.member() % 2 == 0);
            case REMOVE_FILE -> removeFile(path(target));
            case CLEAR_FILE -> {
                removeFile(path(target));
                emptyFiles.add(path(target));
            }
            case CLEAR_REPOSITORY -> IDS.forEach(id -> removeFile(path(id)));
            case RESTORE_FILES -> IDS.forEach(this::write);
            default -> throw new IllegalArgumentException("not a change of files: " + event);
        }
        recordLastGood();
    }

    private void recordLastGood() {
        lastGood.replaceAll((id, spec) -> document(id) == Document.VALID ? specOf(id, changes) : spec);
    }

    private void removeFile(String path) {
        IDS.stream().filter(id -> path(id).equals(path)).forEach(id -> remove(id, false));
    }

    /** Removes a document; another file may still mention its ensemble. */
    private void remove(EnsembleId id, boolean leavesMention) {
        write(id);
        documents.put(id, Document.MISSING);
        if (leavesMention) {
            mentioned.add(id);
        }
    }

    public Document document(EnsembleId id) {
        return documents.get(id);
    }

    /** Whether the repository leaves no doubt that this ensemble was removed on purpose. */
    public boolean isRemovedBeyondDoubt(EnsembleId id) {
        return document(id) == Document.MISSING
                && !emptyFiles.contains(path(id))
                && !mentioned.contains(id)
                && documents.containsValue(Document.VALID)
                && !documents.containsValue(Document.INVALID);
    }

    /** The spec of an ensemble without servers, in the last commit in which its document was valid. */
    EnsembleSpec lastGoodSpec(EnsembleId id) {
        return lastGood.get(id);
    }

    private static EnsembleSpec specOf(EnsembleId id, int change) {
        DeletionPolicy policy = id.equals(DELETED_WITH_FILE) ? DeletionPolicy.Delete : DeletionPolicy.Orphan;
        return PushedSpec.first(3, 0).config("change " + change).spec(policy);
    }

    Map<EnsembleId, Violation> leftovers(Collection<Leftover> gone) {
        Map<EnsembleId, Violation> found = new HashMap<>();
        for (Leftover leftover : gone) {
            if (mentioned.contains(leftover.id())) {
                found.put(leftover.id(), new Violation("notes.txt", 1, 1, "", "mentions " + leftover.id()));
            }
        }
        return found;
    }

    /** The result of reading all files. */
    ParsedCommit parse(Function<EnsembleId, EnsembleSpec> specs) {
        List<Found> ensembles = new ArrayList<>();
        List<Violation> violations = new ArrayList<>();
        Set<EnsembleId> invalid = new HashSet<>();
        Set<String> invalidPaths = new HashSet<>();
        Map<String, Boolean> files = new HashMap<>();
        emptyFiles.forEach(path -> files.put(path, false));
        documents.forEach((id, document) -> {
            if (document == Document.VALID) {
                ensembles.add(new Found(resource(id, specs.apply(id)), path(id)));
                files.put(path(id), true);
            } else if (document == Document.INVALID) {
                violations.add(new Violation(path(id), 1, 1, "spec", "is invalid"));
                invalid.add(id);
                invalidPaths.add(path(id));
                files.put(path(id), true);
            }
        });
        return new ParsedCommit(ensembles, violations, invalid, invalidPaths, List.of(), files);
    }

    private ZooKeeperEnsemble resource(EnsembleId id, EnsembleSpec spec) {
        ZooKeeperEnsemble resource = resources.computeIfAbsent(id, ModelRepository::resource);
        resource.setSpec(spec);
        return resource;
    }

    private static ZooKeeperEnsemble resource(EnsembleId id) {
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace(id.namespace())
                .withName(id.name())
                .build());
        return resource;
    }
}
