package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.read.Parsed;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The texts of {@code status.source.message}. They name no commit: a message that changed with every push would cause a
 * write of every resource with every push.
 */
final class Reasons {
    private static final int SHOWN = 5;

    private Reasons() {}

    static String held(Parsed parsed, String path) {
        List<Violation> all = parsed.violations().stream().sorted().toList();
        List<Violation> own =
                all.stream().filter(one -> one.file().equals(path)).toList();
        List<Violation> meant = own.isEmpty() ? all : own;
        String listed = meant.stream().limit(SHOWN).map(Violation::toString).collect(Collectors.joining("; "));
        String rest = meant.size() > SHOWN ? "; and " + (meant.size() - SHOWN) + " more" : "";
        return "The last good spec stays in force until this is fixed: " + listed + rest;
    }

    static String held(Violation why) {
        return "The last good spec stays in force until this is fixed: " + why;
    }

    static String silent(EnsembleId id) {
        return "this file defined the ensemble " + id
                + ", and now there is something in it of which no ensemble comes: put it" + " back, or remove the file";
    }

    static String renamed(EnsembleId id, String path, EnsembleId other) {
        return "in place of the ensemble " + id + " of " + path + " there is " + other
                + ", and neither is touched: an ensemble"
                + " does not change its name or namespace. If " + id
                + " is to be removed, do it by a commit of its own, and"
                + " define " + other + " by the next one";
    }

    /** For a file that defines an ensemble of another installation, accepted from another source. */
    static String ofAnother(EnsembleId id, SourceStatus record, Origin origin) {
        return "the ensemble " + id + " is on record with " + record.origin() + ", which the installation "
                + record.installation() + " follows, and " + origin.source()
                + " does not take it over: remove it here; or have"
                + " it say deletionPolicy: Orphan there, and then remove it there. If nothing follows that source any more: kubectl -n "
                + id.namespace() + " annotate --overwrite zke " + id.name() + " ensembled.dev/source-state=Orphaned";
    }

    static String otherSource(EnsembleId id, SourceStatus record, Origin origin) {
        return "It came from " + record.origin() + ", and ensembled follows " + origin.source()
                + " now, which does not define it; it runs on. " + ways(id);
    }

    static String hidden(String path) {
        return "The last good spec stays in force: " + path
                + " now lies in a submodule or behind a symbolic link, which are not followed. Put the file itself back.";
    }

    static String gone(EnsembleId id, String path) {
        return path + " no longer defines it; it runs on. " + ways(id);
    }

    static String notRemoved(EnsembleId id, String path, String why) {
        return path + " no longer defines it, but it is not removed although its spec says \"deletionPolicy: Delete\": "
                + why + ". " + ways(id);
    }

    static String removed(EnsembleId id, String path) {
        return path + " no longer defines " + id + ", and its spec says \"deletionPolicy: Delete\"";
    }

    /** Lists the first few names, in order. */
    static String some(Collection<String> names) {
        String listed = names.stream().sorted().limit(SHOWN).collect(Collectors.joining(", "));
        return names.size() > SHOWN ? listed + " and " + (names.size() - SHOWN) + " more" : listed;
    }

    private static String ways(EnsembleId id) {
        return "To keep it, define " + id + " in a file again; to remove it, delete its ZooKeeperEnsemble resource.";
    }
}
