package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The texts of {@code status.source.message}, except for a removal that waits. They name no commit: a message that changed
 * with every push would cause a write of every resource with every push.
 */
final class SourceMessages {
    private static final int SHOWN = 5;

    private SourceMessages() {}

    static String held(ParsedCommit parsed, String path) {
        List<Violation> all = parsed.violations().stream().sorted().toList();
        List<Violation> own =
                all.stream().filter(one -> one.file().equals(path)).toList();
        List<Violation> relevant = own.isEmpty() ? all : own;
        String listed = relevant.stream().limit(SHOWN).map(Violation::toString).collect(Collectors.joining("; "));
        String rest = relevant.size() > SHOWN ? "; and " + (relevant.size() - SHOWN) + " more" : "";
        return "The last good spec stays in force until this is fixed: " + listed + rest;
    }

    static String held(Violation why) {
        return "The last good spec stays in force until this is fixed: " + why;
    }

    static String noEnsemble(EnsembleId id) {
        return "this file defined the ensemble " + id
                + ", and its present content defines no ensemble: restore the definition, or remove the file";
    }

    static String renamed(EnsembleId id, String path, EnsembleId other) {
        return other + " replaces the ensemble " + id + ", which " + path
                + " defined; neither is changed, since the name and the"
                + " namespace of an ensemble are immutable. To replace " + id + ", remove it in one commit, and define "
                + other + " in the next commit";
    }

    /** For a file that defines an ensemble that another source or installation accepted. */
    static String ofAnother(EnsembleId id, SourceStatus record, Origin origin) {
        Optional<String> sibling = origin.recordedName(record);
        if (sibling.isPresent()) {
            return "the ensemble " + id + " was accepted by the source " + sibling.get() + ", " + record.path() + " of "
                    + record.origin() + ", and is not taken over by the source " + origin.name() + ", "
                    + origin.source() + ": remove it here; or remove it there, and it is then taken over";
        }
        return "the ensemble " + id + " was accepted from " + record.origin() + " by the installation "
                + record.installation() + ", and is not taken over by " + origin.source()
                + ": remove it here; or set deletionPolicy: Orphan there, and then remove it there. If no installation"
                + " follows that source any longer: kubectl -n "
                + id.namespace() + " annotate --overwrite zke " + id.name() + " ensembled.dev/source-state=Orphaned";
    }

    /** For a file of one of several sources that define the same ensemble. */
    static String contended(Found file, Origin origin, Definition other, boolean owned) {
        return "the ensemble " + file.id() + " is defined by the source " + origin.name() + ", " + file.path() + " of "
                + origin.source() + ", and by the " + other
                + (owned
                        ? "; the source " + origin.name() + " accepted it, and no change of it is accepted"
                        : "; no definition is used")
                + " until only one remains: remove one of them";
    }

    /** The same text whichever source reports it. */
    static String released(EnsembleId id, SourceStatus record) {
        return "The last good spec stays in force: it was accepted from " + record.origin() + " ("
                + record.installation() + "), a source that ensembled does not follow any longer. "
                + instructions(id);
    }

    static String otherSource(EnsembleId id, SourceStatus record, Origin origin) {
        return "It was accepted from " + record.origin() + ", and ensembled now follows " + origin.source()
                + ", which does not define it; it keeps running. " + instructions(id);
    }

    static String hidden(String path) {
        return "The last good spec stays in force: " + path
                + " is now in a submodule or behind a symbolic link, which are not followed. Restore the file itself.";
    }

    static String noLongerDefined(EnsembleId id, String path) {
        return path + " no longer defines it; it keeps running. " + instructions(id);
    }

    static String notRemoved(EnsembleId id, String path, String why) {
        return path + " no longer defines it, and its deletionPolicy is Delete, but it is not removed: " + why + ". "
                + instructions(id);
    }

    static String removed(EnsembleId id, String path) {
        return path + " no longer defines " + id + ", and its deletionPolicy is Delete";
    }

    /** Lists the first few names, in order. */
    static String some(Collection<String> names) {
        String listed = names.stream().sorted().limit(SHOWN).collect(Collectors.joining(", "));
        return names.size() > SHOWN ? listed + " and " + (names.size() - SHOWN) + " more" : listed;
    }

    private static String instructions(EnsembleId id) {
        return "To keep it, define " + id + " in a file again; to remove it, delete its ZooKeeperEnsemble resource.";
    }
}
